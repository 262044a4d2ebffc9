package dev.tandem.sync.table;

import dev.tandem.sync.hardening.SyncKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs the frames of one direction of one connection, or verifies them: HMAC-SHA-256 over a
 * constant, the direction, the nonces of both sides and the number of the frame, so that a frame is
 * good at one place of one connection only. Used by one thread.
 */
final class FrameSigner {
    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] DOMAIN = "tandem sync table".getBytes(StandardCharsets.US_ASCII);
    private static final int MAC_LENGTH = 16;

    private record Key(int id, Mac mac) {}

    private final List<Key> keys;
    private final byte[] context;
    private long number;

    /**
     * @param byServer whose frames they are
     */
    FrameSigner(List<SyncKey> keys, boolean byServer, byte[] clientNonce, byte[] serverNonce) {
        this.keys = keys.stream().map(FrameSigner::prepare).toList();
        context =
                ByteBuffer.allocate(DOMAIN.length + 1 + clientNonce.length + serverNonce.length)
                        .put(DOMAIN)
                        .put((byte) (byServer ? 2 : 1))
                        .put(clientNonce)
                        .put(serverNonce)
                        .array();
    }

    private static Key prepare(SyncKey key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.secret(), ALGORITHM));
            return new Key(key.id(), mac);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, e);
        }
    }

    /** Appends key id and signature. */
    void sign(TableFrame signed, int end) {
        ByteBuffer frame = signed.whole();
        Key key = keys.getFirst();
        frame.putShort(end, (short) key.id);
        frame.put(end + Short.BYTES, compute(key.mac, signed, end + Short.BYTES));
        number++;
    }

    /** What is wrong with the signature that ends the frame, or null. */
    @Nullable String verify(TableFrame signed, int end) {
        ByteBuffer frame = signed.whole();
        int macAt = end - MAC_LENGTH;
        int id = Short.toUnsignedInt(frame.getShort(macAt - Short.BYTES));
        byte[] received = new byte[MAC_LENGTH];
        frame.get(macAt, received);
        String verdict = "signed with key %d, which is not configured here".formatted(id);
        for (Key key : keys) {
            if (key.id == id) {
                if (MessageDigest.isEqual(compute(key.mac, signed, macAt), received)) {
                    number++;
                    return null;
                }
                verdict = "signature is wrong: key %d is another there".formatted(id);
            }
        }
        return verdict;
    }

    private byte[] compute(Mac mac, TableFrame frame, int end) {
        mac.update(context);
        mac.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
        mac.update(frame.bytes(), 0, end);
        return Arrays.copyOf(mac.doFinal(), MAC_LENGTH);
    }
}
