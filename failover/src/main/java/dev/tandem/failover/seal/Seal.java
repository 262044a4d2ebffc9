package dev.tandem.failover.seal;

import dev.tandem.sync.hardening.SyncKey;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import javax.crypto.Mac;

/**
 * Signs packets and verifies signatures: behind the packet the key's id (2 bytes, big-endian) and
 * the first 16 bytes of the HMAC-SHA-256 of all before. Used by one thread, but for {@link #keys}.
 * Without keys it puts nothing behind a packet, and refuses what has a signature.
 */
public final class Seal {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_ID_BYTES = 2;
    private static final int MAC_BYTES = 16;

    /** Most bytes behind a packet. */
    public static final int MAX_BYTES = KEY_ID_BYTES + MAC_BYTES;

    /** What a signature is worth. */
    public enum Verdict {
        GOOD,
        /** It is of a key that this node has not. */
        UNKNOWN_KEY,
        /** It is not of the key that it names, or not of this packet. */
        WRONG
    }

    private record Key(int id, Mac mac) {}

    private final byte[] full = new byte[32];
    private final byte[] computed = new byte[MAC_BYTES];
    private final byte[] received = new byte[MAC_BYTES];
    private final String purpose;
    private volatile List<Key> keys;

    /**
     * @param keys the first one signs, any verifies; none: nothing is signed
     * @param purpose what the packets are, so that no other packet is taken for one
     */
    public Seal(List<SyncKey> keys, String purpose) {
        this.purpose = purpose;
        this.keys = prepare(keys);
    }

    /**
     * From now on these, from any thread.
     *
     * @param fresh none where there were none, else one at least
     */
    public void keys(List<SyncKey> fresh) {
        keys = prepare(fresh);
    }

    private List<Key> prepare(List<SyncKey> from) {
        return from.stream().map(key -> prepare(key, purpose)).toList();
    }

    private static Key prepare(SyncKey key, String purpose) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(DerivedKeys.derive(key, ALGORITHM, purpose, new byte[0]));
            return new Key(key.id(), mac);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, e);
        }
    }

    /** Whether packets are signed. */
    public boolean isUsed() {
        return !keys.isEmpty();
    }

    /** Bytes that are put behind a packet. */
    public int length() {
        return keys.isEmpty() ? 0 : MAX_BYTES;
    }

    /** Signs what is from 0 to the buffer's position, and puts the signature there. */
    public void sign(ByteBuffer packet) {
        List<Key> now = keys;
        if (now.isEmpty()) {
            return;
        }
        Key key = now.getFirst();
        packet.putShort((short) key.id);
        compute(key.mac, packet, packet.position());
        packet.put(computed);
    }

    /** Verifies a packet that reaches from 0 to {@code end}, its signature included. */
    public Verdict verify(ByteBuffer packet, int end) {
        int signed = end - MAC_BYTES;
        int id = Short.toUnsignedInt(packet.getShort(signed - KEY_ID_BYTES));
        Verdict verdict = Verdict.UNKNOWN_KEY;
        for (Key key : keys) {
            if (key.id == id) {
                compute(key.mac, packet, signed);
                packet.get(signed, received);
                if (MessageDigest.isEqual(computed, received)) {
                    return Verdict.GOOD;
                }
                verdict = Verdict.WRONG;
            }
        }
        return verdict;
    }

    private void compute(Mac mac, ByteBuffer packet, int end) {
        mac.update(packet.slice(0, end));
        try {
            mac.doFinal(full, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("32 bytes do not hold a signature", e);
        }
        System.arraycopy(full, 0, computed, 0, MAC_BYTES);
    }
}
