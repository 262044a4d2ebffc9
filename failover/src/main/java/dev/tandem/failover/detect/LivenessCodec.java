package dev.tandem.failover.detect;

import dev.tandem.failover.seal.Seal;
import dev.tandem.sync.hardening.SyncKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said on a liveness connection: the watcher asks once, the watched answers once, and then
 * both are silent until one of them is gone. All numbers big-endian.
 *
 * <pre>
 * ask                                   answer
 * offset length                         offset length
 *   0      4    magic "TNDL"              0      4    magic "TNDL"
 *   4      1    version, 1                4      1    version, 1
 *   5      3    0                         5      1    length of the name, 1 to 63
 *   8     16    random, for the answer    6      2    length of the answer
 *                                         8      8    hash of the cluster's name
 *                                        16      8    incarnation of the process
 *                                        24      n    the watched node's name, UTF-8
 *                                        24+n   18    signature, if the cluster has keys
 * </pre>
 *
 * <p>Signed is the question's random number followed by the answer, so that no recorded answer is
 * taken for a new one. Used by one thread.
 */
final class LivenessCodec {
    static final int ASK_BYTES = 24;
    static final int NONCE_BYTES = 16;
    static final int MAX_ANSWER_BYTES = 128;

    private static final int MAGIC = 0x544E444C;
    private static final int VERSION = 1;
    private static final int VERSION_OFFSET = 4;
    private static final int NAME_LENGTH_OFFSET = 5;
    private static final int LENGTH_OFFSET = 6;
    private static final int CLUSTER_OFFSET = 8;
    private static final int INCARNATION_OFFSET = 16;
    private static final int NAME_OFFSET = 24;

    private static final int NONCE_OFFSET = 8;

    private final long clusterHash;
    private final Seal seal;

    LivenessCodec(String cluster, List<SyncKey> keys) {
        this.clusterHash = HeartbeatCodec.hash(cluster);
        this.seal = new Seal(keys, "liveness");
    }

    /** From now on these; none where there were none. From any thread. */
    void keys(List<SyncKey> fresh) {
        seal.keys(fresh);
    }

    /** What an answer says, or why it says nothing. */
    sealed interface Answer {
        /** The watched process names itself. */
        record Named(long incarnation) implements Answer {}

        /** It is not the answer of the node that was asked. */
        record Wrong(String why) implements Answer {}
    }

    /** A question, ready to be sent. */
    static ByteBuffer ask(byte[] nonce) {
        return ByteBuffer.allocate(ASK_BYTES)
                .putInt(MAGIC)
                .put((byte) VERSION)
                .put(new byte[3])
                .put(nonce)
                .flip();
    }

    /** Whether these {@link #ASK_BYTES} bytes are a question. */
    static boolean isAsk(ByteBuffer question) {
        return question.getInt(0) == MAGIC && question.get(VERSION_OFFSET) == VERSION;
    }

    /** The answer to a question, ready to be sent. */
    ByteBuffer answer(ByteBuffer question, String node, long incarnation) {
        byte[] name = node.getBytes(StandardCharsets.UTF_8);
        int length = NAME_OFFSET + name.length + seal.length();
        ByteBuffer signed =
                ByteBuffer.allocate(NONCE_BYTES + length)
                        .put(question.slice(NONCE_OFFSET, NONCE_BYTES))
                        .putInt(MAGIC)
                        .put((byte) VERSION)
                        .put((byte) name.length)
                        .putShort((short) length)
                        .putLong(clusterHash)
                        .putLong(incarnation)
                        .put(name);
        seal.sign(signed);
        return signed.flip().position(NONCE_BYTES);
    }

    /**
     * Reads an answer as far as it has come.
     *
     * @param answer holds it from 0 to its position
     * @param nonce the random number of the question
     * @param node who was asked
     * @return null while something is missing
     */
    @Nullable Answer read(ByteBuffer answer, byte[] nonce, String node) {
        int length = answer.position();
        if (length < NAME_OFFSET) {
            return null;
        }
        int nameLength = Byte.toUnsignedInt(answer.get(NAME_LENGTH_OFFSET));
        int announced = Short.toUnsignedInt(answer.getShort(LENGTH_OFFSET));
        if (answer.getInt(0) != MAGIC
                || answer.get(VERSION_OFFSET) != VERSION
                || announced < NAME_OFFSET + nameLength
                || announced > MAX_ANSWER_BYTES) {
            return new Answer.Wrong("what listens there is no tandem of this version");
        }
        if (length < announced) {
            return null;
        }
        if (length > announced) {
            return new Answer.Wrong("it says more than was asked");
        }
        if (answer.getLong(CLUSTER_OFFSET) != clusterHash) {
            return new Answer.Wrong("a node of another cluster lives there");
        }
        if (announced != NAME_OFFSET + nameLength + seal.length()) {
            return new Answer.Wrong(
                    seal.isUsed()
                            ? "its answer is not signed, and this node has failover.keys"
                            : "its answer is signed, and this node has no failover.keys");
        }
        if (seal.isUsed() && !isSigned(answer, nonce)) {
            return new Answer.Wrong("its answer is signed by another key");
        }
        byte[] name = new byte[nameLength];
        answer.get(NAME_OFFSET, name);
        String named = new String(name, StandardCharsets.UTF_8);
        return named.equals(node)
                ? new Answer.Named(answer.getLong(INCARNATION_OFFSET))
                : new Answer.Wrong("the node that lives there is called '" + named + "'");
    }

    private boolean isSigned(ByteBuffer answer, byte[] nonce) {
        int length = answer.position();
        ByteBuffer signed =
                ByteBuffer.allocate(NONCE_BYTES + length).put(nonce).put(answer.slice(0, length));
        return seal.verify(signed, NONCE_BYTES + length) == Seal.Verdict.GOOD;
    }
}
