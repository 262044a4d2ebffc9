package dev.tandem.failover.group;

import dev.tandem.failover.seal.DerivedKeys;
import dev.tandem.sync.hardening.SyncKey;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts and authenticates the group's messages: AES-256 in Galois/Counter mode. All numbers
 * big-endian.
 *
 * <pre>
 * offset length
 *   0      1    version, 1
 *   1      2    id of the cluster's key
 *   3     16    session: a random number of the sending process
 *  19      8    number of the message within the session, from 1
 *  27      n    the message, encrypted
 *  27+n   16    tag, over all of it
 * </pre>
 *
 * <p>Each session has a key of its own, derived from the cluster's, and numbers its messages, so
 * that no nonce is used twice. A message is taken once: of each session a window of the last {@link
 * #WINDOW} numbers is kept. Used by JGroups' threads, any number of them.
 */
final class GroupCipher {
    static final int VERSION = 1;
    static final int SESSION_OFFSET = 3;
    static final int NUMBER_OFFSET = 19;
    static final int HEADER_BYTES = 27;
    static final int TAG_BYTES = 16;

    /** So much later than its successors a message may come. */
    static final int WINDOW = Long.SIZE;

    /** A process that starts anew has a new session; those of long ago are forgotten. */
    private static final int MOST_SESSIONS = 1_000;

    private static final int SESSION_BYTES = 16;
    private static final int NONCE_BYTES = 12;

    /** Nobody's signature; why a message was not taken. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why, null, false, false);
        }
    }

    /** A sender's process. */
    private static final class Session {
        private final SecretKey key;
        private long highest;

        /** Bit i: {@code highest - i} was taken. */
        private long taken;

        Session(SecretKey key) {
            this.key = key;
        }

        synchronized boolean take(long number) {
            long ahead = number - highest;
            if (ahead > 0) {
                taken = ahead >= WINDOW ? 1 : taken << ahead | 1;
                highest = number;
                return true;
            }
            if (-ahead >= WINDOW || (taken >>> -ahead & 1) != 0) {
                return false;
            }
            taken |= 1L << -ahead;
            return true;
        }
    }

    /** Two keys are one when they are the same object; see {@link Keys#known}. */
    private record Known(SyncKey key, ByteBuffer session) {}

    /**
     * What holds at one moment.
     *
     * @param keys the first one encrypts, any decrypts
     * @param sending of the first, for this process's session
     */
    private record Keys(List<SyncKey> keys, SecretKey sending) {
        int id() {
            return keys.getFirst().id();
        }

        @Nullable SyncKey named(int id) {
            for (SyncKey key : keys) {
                if (key.id() == id) {
                    return key;
                }
            }
            return null;
        }

        /** The key as it was known before, if it was. */
        SyncKey known(SyncKey fresh) {
            SyncKey same = named(fresh.id());
            return same != null && Arrays.equals(same.secret(), fresh.secret()) ? same : fresh;
        }
    }

    private final byte[] session = new byte[SESSION_BYTES];
    private volatile Keys keys;
    private final AtomicLong sent = new AtomicLong();

    private final Map<Known, Session> sessions =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Known, Session> eldest) {
                    return size() > MOST_SESSIONS;
                }
            };

    /**
     * @param keys the first one encrypts, any decrypts; one at least
     */
    GroupCipher(List<SyncKey> keys) {
        new SecureRandom().nextBytes(session);
        this.keys = of(keys);
    }

    private Keys of(List<SyncKey> all) {
        return new Keys(List.copyOf(all), derive(all.getFirst(), session));
    }

    /**
     * From now on these, one at least; from any thread. The session and its numbers go on: under
     * another key they are new ones. What was taken under a key that stays is not taken again.
     */
    void keys(List<SyncKey> fresh) {
        keys = of(fresh.stream().map(keys::known).toList());
    }

    private static SecretKey derive(SyncKey key, byte[] session) {
        return DerivedKeys.derive(key, "AES", "group", session);
    }

    /** The message, encrypted. */
    byte[] encrypt(byte[] message, int offset, int length) {
        byte[] out = new byte[HEADER_BYTES + length + TAG_BYTES];
        Keys now = keys;
        long number = sent.incrementAndGet();
        ByteBuffer.wrap(out)
                .put((byte) VERSION)
                .putShort((short) now.id())
                .put(session)
                .putLong(number);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, now.sending(), number);
            cipher.updateAAD(out, 0, HEADER_BYTES);
            cipher.doFinal(message, offset, length, out, HEADER_BYTES);
            return out;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        }
    }

    /**
     * The message that was encrypted.
     *
     * @throws Refused when no key of this node made it, or it came before
     */
    byte[] decrypt(byte[] bytes, int offset, int length) throws Refused {
        if (length < HEADER_BYTES + TAG_BYTES || bytes[offset] != VERSION) {
            throw new Refused("it is not encrypted, and this node has failover.keys");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes, offset, length).slice();
        int keyId = Short.toUnsignedInt(header.getShort(1));
        SyncKey key = keys.named(keyId);
        if (key == null) {
            throw new Refused("it is encrypted by a key whose id this node has not");
        }
        byte[] salt = new byte[SESSION_BYTES];
        header.get(SESSION_OFFSET, salt);
        long number = header.getLong(NUMBER_OFFSET);
        Known known = new Known(key, ByteBuffer.wrap(salt));
        Session from = session(known);
        // one that is not known yet has to prove itself before it is kept
        Session proving = from == null ? new Session(derive(key, salt)) : from;
        byte[] message = open(proving.key, number, bytes, offset, length);
        if (!keep(known, proving).take(number)) {
            throw new Refused("it was recorded before");
        }
        return message;
    }

    private @Nullable Session session(Known known) {
        synchronized (sessions) {
            return sessions.get(known);
        }
    }

    private Session keep(Known known, Session proven) {
        synchronized (sessions) {
            Session before = sessions.putIfAbsent(known, proven);
            return before == null ? proven : before;
        }
    }

    private static byte[] open(SecretKey key, long number, byte[] bytes, int offset, int length)
            throws Refused {
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, number);
            cipher.updateAAD(bytes, offset, HEADER_BYTES);
            return cipher.doFinal(bytes, offset + HEADER_BYTES, length - HEADER_BYTES);
        } catch (AEADBadTagException _) {
            throw new Refused("it is encrypted by another key with an id that this node has");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        }
    }

    private static Cipher cipher(int mode, SecretKey key, long number)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putInt(0).putLong(number).array();
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        return cipher;
    }
}
