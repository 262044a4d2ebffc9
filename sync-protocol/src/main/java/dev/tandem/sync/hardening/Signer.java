package dev.tandem.sync.hardening;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs datagrams and verifies signatures: HMAC-SHA-256 of the JCA over a constant, so that nothing
 * signed for another purpose is ever taken for ours, and the datagram up to the signature. Used by
 * one thread, but for {@link #keys}.
 */
final class Signer {
    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] DOMAIN = "tandem ipvs sync".getBytes(StandardCharsets.US_ASCII);

    private record Key(int id, Mac mac) {}

    private final byte[] full = new byte[32];
    private final byte[] computed = new byte[Trailer.MAC_LENGTH];
    private final byte[] received = new byte[Trailer.MAC_LENGTH];
    private volatile Key[] keys;

    Signer(List<SyncKey> keys) {
        this.keys = prepare(keys);
    }

    /** Replaces the keys, from any thread; the next datagram is signed with the new first one. */
    void keys(List<SyncKey> keys) {
        this.keys = prepare(keys);
    }

    private static Key[] prepare(List<SyncKey> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no key to sign with");
        }
        return keys.stream().map(Signer::prepare).toArray(Key[]::new);
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

    /** Writes key id and signature into the datagram's trailer. */
    void sign(ByteBuffer datagram) {
        Key key = keys[0];
        int trailer = Trailer.start(datagram);
        datagram.putShort(trailer + Trailer.KEY_OFFSET, (short) key.id);
        compute(key.mac, datagram);
        datagram.put(trailer + Trailer.MAC_OFFSET, computed);
    }

    /** What is wrong with the signature, or null. */
    @Nullable Refusal verify(ByteBuffer datagram) {
        int id = Trailer.keyId(datagram);
        Refusal verdict = Refusal.UNKNOWN_KEY;
        for (Key key : keys) {
            if (key.id == id) {
                compute(key.mac, datagram);
                datagram.get(Trailer.start(datagram) + Trailer.MAC_OFFSET, received);
                if (MessageDigest.isEqual(computed, received)) {
                    return null;
                }
                verdict = Refusal.BAD_MAC;
            }
        }
        return verdict;
    }

    private void compute(Mac mac, ByteBuffer datagram) {
        int start = datagram.position();
        int end = datagram.limit();
        mac.update(DOMAIN);
        mac.update(datagram.limit(end - Trailer.MAC_LENGTH));
        datagram.limit(end).position(start);
        try {
            mac.doFinal(full, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("32 bytes do not hold a signature", e);
        }
        System.arraycopy(full, 0, computed, 0, Trailer.MAC_LENGTH);
    }
}
