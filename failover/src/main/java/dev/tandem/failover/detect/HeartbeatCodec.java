package dev.tandem.failover.detect;

import dev.tandem.failover.core.Event;
import dev.tandem.failover.core.State;
import dev.tandem.failover.core.Vote;
import dev.tandem.failover.seal.Seal;
import dev.tandem.sync.hardening.SyncKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The heartbeat's packet: one UDP datagram, all numbers big-endian.
 *
 * <pre>
 * offset length
 *   0      4    magic "TNDM"
 *   4      1    version, 2
 *   5      1    state, {@link State#code}
 *   6      1    flags; bit 0: the sender holds the table; bit 1: a signature follows; bit 2: the
 *                 gateway that is the arbiter answers the sender; others are sent as 0, ignored
 *   7      1    priority, 1 to 254
 *   8      8    hash of the cluster's name: FNV-1a, 64 bit, over its UTF-8 bytes
 *  16      8    incarnation: start of the sender's process, in ms of its machine's uptime
 *  24      8    sequence number within the incarnation, from 1
 *  32      8    epoch, 0 to 2^62
 *  40      4    connections, 0 to 2^31-1
 *  44      4    sync lag in records, 0 to 2^31-1
 *  48      8    when it was sent, ns by the sender's clock
 *  56      8    vote: epoch, 0 to 2^62; 0: never voted
 *  64      8    vote: when its holder sent the newest heartbeat heard, ns by the holder's clock
 *  72      1    length of the name, 1 to 63
 *  73      1    length of the name of the vote's holder, 0 to 63; 0: for nobody
 *  74      n    the sender's name, UTF-8
 *  74+n    m    the name of the vote's holder, UTF-8
 *  74+n+m  18   signature, {@link Seal}, if the cluster has keys
 * </pre>
 *
 * <p>Used by the failover thread only. Nothing a stranger sends makes it throw; it allocates
 * nothing but the event for an accepted packet and its strings.
 */
public final class HeartbeatCodec {
    /** Longest datagram. */
    public static final int MAX_LENGTH_BYTES = 200 + Seal.MAX_BYTES;

    /** Longest name of a node, in UTF-8 bytes. */
    public static final int MAX_NAME_BYTES = 63;

    static final int MAGIC = 0x544E444D;
    static final int VERSION = 2;
    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = 4;
    static final int STATE_OFFSET = 5;
    static final int FLAGS_OFFSET = 6;
    static final int PRIORITY_OFFSET = 7;
    static final int CLUSTER_OFFSET = 8;
    static final int INCARNATION_OFFSET = 16;
    static final int SEQUENCE_OFFSET = 24;
    static final int EPOCH_OFFSET = 32;
    static final int CONNECTIONS_OFFSET = 40;
    static final int SYNC_LAG_OFFSET = 44;
    static final int SENT_OFFSET = 48;
    static final int VOTE_EPOCH_OFFSET = 56;
    static final int VOTE_ECHO_OFFSET = 64;
    static final int NAME_LENGTH_OFFSET = 72;
    static final int HOLDER_LENGTH_OFFSET = 73;
    static final int NAME_OFFSET = 74;

    /** No cluster lives so long; a greater number is an error or a trick to exhaust the epochs. */
    static final long MAX_EPOCH = 1L << 62;

    private static final int MAX_PRIORITY = 254;
    private static final int HOLDS_TABLE = 1;
    private static final int HAS_SIGNATURE = 2;
    private static final int SEES_GATEWAY = 4;

    /** What a datagram is. */
    public enum Verdict {
        /** A heartbeat of a peer. */
        ACCEPTED,
        /** A well-formed heartbeat of another cluster. */
        OTHER_CLUSTER,
        /** A heartbeat of this cluster without a signature, and this node has keys. */
        NOT_SIGNED,
        /** A heartbeat of this cluster with a signature, and this node has no keys. */
        SIGNED,
        /** Signed by a key that this node has not. */
        UNKNOWN_KEY,
        /** Not signed by the key that it names. */
        WRONG_SIGNATURE,
        /** A heartbeat of this cluster, from a node that is no peer. */
        UNKNOWN_NODE,
        /** A heartbeat of this cluster, from a node with this node's own name. */
        OWN_NAME,
        /** A heartbeat in a peer's name, from another address than the peer's. */
        WRONG_SENDER,
        /** Shorter than its fixed part, or not as long as its name demands. */
        WRONG_LENGTH,
        /** Something else altogether. */
        WRONG_MAGIC,
        /** Of a version this code does not know. */
        WRONG_VERSION,
        /** A number out of its range. */
        WRONG_NUMBER
    }

    private final long clusterHash;
    private final byte[] ownName;
    private final String[] peers;
    private final byte[][] peerNames;
    private final Seal seal;

    /**
     * @param keys the first one signs; none: nothing is signed
     */
    public HeartbeatCodec(String cluster, String node, List<String> peers, List<SyncKey> keys) {
        this.seal = new Seal(keys, "heartbeat");
        this.clusterHash = hash(cluster);
        this.ownName = node.getBytes(StandardCharsets.UTF_8);
        this.peers = peers.toArray(new String[0]);
        this.peerNames = new byte[this.peers.length][];
        for (int i = 0; i < this.peers.length; i++) {
            peerNames[i] = this.peers[i].getBytes(StandardCharsets.UTF_8);
        }
    }

    /** From now on these; none where there were none. From any thread. */
    void keys(List<SyncKey> fresh) {
        seal.keys(fresh);
    }

    /** Writes a heartbeat of this node at the buffer's start, ready to be sent. */
    public void encode(ByteBuffer packet, Event.Heartbeat heartbeat) {
        byte[] holder = heartbeat.vote().holder().getBytes(StandardCharsets.UTF_8);
        packet.clear();
        packet.putInt(MAGIC);
        packet.put((byte) VERSION);
        packet.put((byte) heartbeat.state().code());
        packet.put(flags(heartbeat));
        packet.put((byte) heartbeat.priority());
        packet.putLong(clusterHash);
        packet.putLong(heartbeat.incarnation());
        packet.putLong(heartbeat.sequence());
        packet.putLong(heartbeat.epoch());
        packet.putInt(heartbeat.connections());
        packet.putInt(heartbeat.syncLag());
        packet.putLong(heartbeat.sentNs());
        packet.putLong(heartbeat.vote().epoch());
        packet.putLong(heartbeat.vote().echoNs());
        packet.put((byte) ownName.length);
        packet.put((byte) holder.length);
        packet.put(ownName);
        packet.put(holder);
        seal.sign(packet);
        packet.flip();
    }

    private byte flags(Event.Heartbeat heartbeat) {
        return (byte)
                ((heartbeat.holdsTable() ? HOLDS_TABLE : 0)
                        | (heartbeat.seesGateway() ? SEES_GATEWAY : 0)
                        | (seal.isUsed() ? HAS_SIGNATURE : 0));
    }

    /** What the bytes from 0 to the buffer's limit are. */
    public Verdict check(ByteBuffer packet) {
        int length = packet.limit();
        if (length <= NAME_OFFSET) {
            return Verdict.WRONG_LENGTH;
        }
        if (packet.getInt(MAGIC_OFFSET) != MAGIC) {
            return Verdict.WRONG_MAGIC;
        }
        if (packet.get(VERSION_OFFSET) != VERSION) {
            return Verdict.WRONG_VERSION;
        }
        boolean signed = (packet.get(FLAGS_OFFSET) & HAS_SIGNATURE) != 0;
        int nameLength = Byte.toUnsignedInt(packet.get(NAME_LENGTH_OFFSET));
        int holderLength = Byte.toUnsignedInt(packet.get(HOLDER_LENGTH_OFFSET));
        if (nameLength == 0
                || nameLength > MAX_NAME_BYTES
                || holderLength > MAX_NAME_BYTES
                || length
                        != NAME_OFFSET
                                + nameLength
                                + holderLength
                                + (signed ? Seal.MAX_BYTES : 0)) {
            return Verdict.WRONG_LENGTH;
        }
        if (packet.getLong(CLUSTER_OFFSET) != clusterHash) {
            return Verdict.OTHER_CLUSTER;
        }
        if (signed != seal.isUsed()) {
            return signed ? Verdict.SIGNED : Verdict.NOT_SIGNED;
        }
        if (signed) {
            switch (seal.verify(packet, length)) {
                case UNKNOWN_KEY -> {
                    return Verdict.UNKNOWN_KEY;
                }
                case WRONG -> {
                    return Verdict.WRONG_SIGNATURE;
                }
                case GOOD -> {}
            }
        }
        return areNumbersInRange(packet) ? sender(packet) : Verdict.WRONG_NUMBER;
    }

    private Verdict sender(ByteBuffer packet) {
        if (peerIn(packet) >= 0) {
            return Verdict.ACCEPTED;
        }
        int length = Byte.toUnsignedInt(packet.get(NAME_LENGTH_OFFSET));
        return length == ownName.length && matches(packet, ownName)
                ? Verdict.OWN_NAME
                : Verdict.UNKNOWN_NODE;
    }

    private static boolean areNumbersInRange(ByteBuffer packet) {
        int priority = Byte.toUnsignedInt(packet.get(PRIORITY_OFFSET));
        long epoch = packet.getLong(EPOCH_OFFSET);
        long voteEpoch = packet.getLong(VOTE_EPOCH_OFFSET);
        return State.isCode(packet.get(STATE_OFFSET))
                && priority >= 1
                && priority <= MAX_PRIORITY
                && packet.getLong(SEQUENCE_OFFSET) > 0
                && epoch >= 0
                && epoch <= MAX_EPOCH
                && voteEpoch >= 0
                && voteEpoch <= MAX_EPOCH
                && packet.getInt(CONNECTIONS_OFFSET) >= 0
                && packet.getInt(SYNC_LAG_OFFSET) >= 0;
    }

    /** The place in the list of peers of who sent an accepted packet; -1 for anybody else. */
    public int peerIn(ByteBuffer packet) {
        int length = Byte.toUnsignedInt(packet.get(NAME_LENGTH_OFFSET));
        for (int peer = 0; peer < peerNames.length; peer++) {
            byte[] name = peerNames[peer];
            if (name.length == length && matches(packet, name)) {
                return peer;
            }
        }
        return -1;
    }

    private static boolean matches(ByteBuffer packet, byte[] name) {
        for (int i = 0; i < name.length; i++) {
            if (packet.get(NAME_OFFSET + i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** The event that an accepted packet is. */
    public Event.Heartbeat decode(ByteBuffer packet) {
        return new Event.Heartbeat(
                peers[peerIn(packet)],
                packet.getLong(INCARNATION_OFFSET),
                packet.getLong(SEQUENCE_OFFSET),
                State.ofCode(packet.get(STATE_OFFSET)),
                packet.getLong(EPOCH_OFFSET),
                Byte.toUnsignedInt(packet.get(PRIORITY_OFFSET)),
                (packet.get(FLAGS_OFFSET) & HOLDS_TABLE) != 0,
                (packet.get(FLAGS_OFFSET) & SEES_GATEWAY) != 0,
                packet.getInt(SYNC_LAG_OFFSET),
                packet.getInt(CONNECTIONS_OFFSET),
                packet.getLong(SENT_OFFSET),
                new Vote(
                        packet.getLong(VOTE_EPOCH_OFFSET),
                        holder(packet),
                        packet.getLong(VOTE_ECHO_OFFSET)));
    }

    private String holder(ByteBuffer packet) {
        int length = Byte.toUnsignedInt(packet.get(HOLDER_LENGTH_OFFSET));
        if (length == 0) {
            return "";
        }
        byte[] name = new byte[length];
        packet.get(NAME_OFFSET + Byte.toUnsignedInt(packet.get(NAME_LENGTH_OFFSET)), name);
        return new String(name, StandardCharsets.UTF_8);
    }

    static long hash(String cluster) {
        long hash = 0xCBF29CE484222325L;
        for (byte b : cluster.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ Byte.toUnsignedInt(b)) * 0x100000001B3L;
        }
        return hash;
    }
}
