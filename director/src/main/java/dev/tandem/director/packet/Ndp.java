package dev.tandem.director.packet;

import dev.tandem.director.io.Memory;

/**
 * IPv6 neighbour discovery over Ethernet (RFC 4861): solicitations and advertisements, each a whole
 * frame without extension headers. Offsets of a message are from its start, behind the IPv6 header.
 */
public final class Ndp {
    /** u8, ICMPv6. */
    public static final int TYPE_OFFSET = 0;

    /** u8 behind the checksum: {@link #ROUTER}, {@link #SOLICITED}, {@link #OVERRIDE}. */
    public static final int FLAGS_OFFSET = 4;

    /** 16 bytes. */
    public static final int TARGET_OFFSET = 8;

    public static final int SOLICITATION = 135;
    public static final int ADVERTISEMENT = 136;

    /** Flags of an advertisement. */
    public static final int ROUTER = 0x80;

    public static final int SOLICITED = 0x40;
    public static final int OVERRIDE = 0x20;

    /** Length in bytes of a frame with a message that has no option. */
    public static final int BARE_FRAME_LENGTH = Ethernet.HEADER_LENGTH + 40 + 24;

    /** Of one with a hardware address as its option. */
    public static final int FRAME_LENGTH = BARE_FRAME_LENGTH + 8;

    /** What {@link #hardwareAddress} answers when the message does not say. */
    public static final long NONE = -1;

    /** All nodes of the link, ff02::1. */
    public static final long ALL_NODES_HIGH = 0xFF02_0000_0000_0000L;

    public static final long ALL_NODES_LOW = 1;

    /** The high half of every solicited-node group, ff02::1:ffXX:XXXX (RFC 4291 section 2.7.1). */
    public static final long SOLICITED_NODE_HIGH = ALL_NODES_HIGH;

    private static final int IP = Ethernet.HEADER_LENGTH;
    private static final int PAYLOAD_LENGTH_OFFSET = 4;
    private static final int NEXT_HEADER_OFFSET = 6;
    private static final int HOP_LIMIT_OFFSET = 7;
    private static final int SOURCE_OFFSET = 8;
    private static final int DESTINATION_OFFSET = 24;
    private static final int MESSAGE = IP + 40;
    private static final int MESSAGE_LENGTH = 24;
    private static final int CODE_OFFSET = 1;
    private static final int CHECKSUM_OFFSET = 2;
    private static final int OPTIONS = MESSAGE + MESSAGE_LENGTH;
    private static final int ICMPV6 = 58;
    private static final int MAX_HOP_LIMIT = 255;
    private static final int SOURCE_HARDWARE = 1;
    private static final int TARGET_HARDWARE = 2;

    private Ndp() {}

    /** The low half of the solicited-node group of an address. */
    public static long solicitedNodeLow(long low) {
        return 0x0000_0001_FF00_0000L | (low & 0xFF_FFFF);
    }

    /** The hardware address that frames to an IPv6 group go to (RFC 2464 section 7). */
    public static long groupHardware(long groupLow) {
        return 0x3333_0000_0000L | (groupLow & 0xFFFF_FFFFL);
    }

    /**
     * Whether the frame holds a whole solicitation or advertisement that passes all tests of RFC
     * 4861 sections 7.1.1 and 7.1.2. Never reads beyond {@code length}.
     */
    public static boolean isValid(long frame, int length) {
        if (length < BARE_FRAME_LENGTH
                || Memory.getShortBe(frame + Ethernet.TYPE_OFFSET) != Ethernet.TYPE_IPV6
                || Memory.getByte(frame + IP) >>> 4 != 6
                || Memory.getByte(frame + IP + NEXT_HEADER_OFFSET) != ICMPV6
                || Memory.getByte(frame + IP + HOP_LIMIT_OFFSET) != MAX_HOP_LIMIT) {
            return false;
        }
        int payload = Memory.getShortBe(frame + IP + PAYLOAD_LENGTH_OFFSET);
        int type = Memory.getByte(frame + MESSAGE + TYPE_OFFSET);
        return payload >= MESSAGE_LENGTH
                && payload <= length - MESSAGE
                && (type == SOLICITATION || type == ADVERTISEMENT)
                && Memory.getByte(frame + MESSAGE + CODE_OFFSET) == 0
                && !isGroup(targetHigh(frame))
                && areOptionsWhole(frame, payload)
                && checksum(frame, payload) == 0xFFFF
                && (type == SOLICITATION ? isSourceAllowed(frame) : isSolicitedAllowed(frame));
    }

    private static boolean isGroup(long high) {
        return high >>> 56 == 0xFF;
    }

    /** Every option, 8 bytes times its second byte, ends within the message. */
    private static boolean areOptionsWhole(long frame, int payload) {
        int end = MESSAGE + payload;
        int at = OPTIONS;
        while (at < end) {
            int size = end - at < 2 ? 0 : Memory.getByte(frame + at + 1) * 8;
            if (size == 0 || size > end - at) {
                return false;
            }
            at += size;
        }
        return true;
    }

    /** Who has no address yet asks the solicited-node group and tells no hardware address. */
    private static boolean isSourceAllowed(long frame) {
        if ((sourceHigh(frame) | sourceLow(frame)) != 0) {
            return !isGroup(sourceHigh(frame));
        }
        return Memory.getLongBe(frame + IP + DESTINATION_OFFSET) == SOLICITED_NODE_HIGH
                && Memory.getLongBe(frame + IP + DESTINATION_OFFSET + 8)
                        == solicitedNodeLow(targetLow(frame))
                && hardwareAddress(frame) == NONE;
    }

    private static boolean isSolicitedAllowed(long frame) {
        return !isGroup(Memory.getLongBe(frame + IP + DESTINATION_OFFSET))
                || (Memory.getByte(frame + MESSAGE + FLAGS_OFFSET) & SOLICITED) == 0;
    }

    /** The sum over pseudo header and message; 0xFFFF when the checksum is right. */
    private static int checksum(long frame, int payload) {
        int pseudo =
                Checksums.add(
                        Checksums.sum(frame + IP + SOURCE_OFFSET, 32),
                        Checksums.fold((long) payload + ICMPV6));
        return Checksums.add(pseudo, Checksums.sum(frame + MESSAGE, payload));
    }

    // ---- what a valid message says ----

    public static boolean isSolicitation(long frame) {
        return Memory.getByte(frame + MESSAGE + TYPE_OFFSET) == SOLICITATION;
    }

    /** Whether an advertisement answers a question. */
    public static boolean isSolicited(long frame) {
        return (Memory.getByte(frame + MESSAGE + FLAGS_OFFSET) & SOLICITED) != 0;
    }

    public static long sourceHigh(long frame) {
        return Memory.getLongBe(frame + IP + SOURCE_OFFSET);
    }

    public static long sourceLow(long frame) {
        return Memory.getLongBe(frame + IP + SOURCE_OFFSET + 8);
    }

    public static long targetHigh(long frame) {
        return Memory.getLongBe(frame + MESSAGE + TARGET_OFFSET);
    }

    public static long targetLow(long frame) {
        return Memory.getLongBe(frame + MESSAGE + TARGET_OFFSET + 8);
    }

    /**
     * The hardware address that the message tells: the source's of a solicitation, the target's of
     * an advertisement; {@link #NONE} when it has no such option.
     */
    public static long hardwareAddress(long frame) {
        int wanted = isSolicitation(frame) ? SOURCE_HARDWARE : TARGET_HARDWARE;
        int end = MESSAGE + Memory.getShortBe(frame + IP + PAYLOAD_LENGTH_OFFSET);
        int at = OPTIONS;
        while (at < end) {
            if (Memory.getByte(frame + at) == wanted) {
                return Ethernet.getAddress(frame + at + 2);
            }
            at += Memory.getByte(frame + at + 1) * 8;
        }
        return NONE;
    }

    // ---- writing ----

    /**
     * Writes a solicitation for an address that the sender does not have yet (RFC 4862 section
     * 5.4.2): from no address, to its solicited-node group, {@link #BARE_FRAME_LENGTH} bytes.
     */
    public static void writeProbe(long frame, long hardware, long high, long low) {
        long group = solicitedNodeLow(low);
        writeHeaders(frame, groupHardware(group), hardware, MESSAGE_LENGTH);
        putAddress(frame + IP + SOURCE_OFFSET, 0, 0);
        putAddress(frame + IP + DESTINATION_OFFSET, SOLICITED_NODE_HIGH, group);
        writeMessage(frame, SOLICITATION, 0, high, low);
        putChecksum(frame, MESSAGE_LENGTH);
    }

    /**
     * Writes the question of a neighbour whether an address is there, {@link #FRAME_LENGTH} bytes.
     *
     * @param toHardware who is thought to have it; {@link #NONE}: all whose address ends alike are
     *     asked
     */
    public static void writeSolicitation(
            long frame,
            long toHardware,
            long hardware,
            long fromHigh,
            long fromLow,
            long high,
            long low) {
        int payload = FRAME_LENGTH - MESSAGE;
        boolean all = toHardware == NONE;
        long group = solicitedNodeLow(low);
        writeHeaders(frame, all ? groupHardware(group) : toHardware, hardware, payload);
        putAddress(frame + IP + SOURCE_OFFSET, fromHigh, fromLow);
        putAddress(
                frame + IP + DESTINATION_OFFSET,
                all ? SOLICITED_NODE_HIGH : high,
                all ? group : low);
        writeMessage(frame, SOLICITATION, 0, high, low);
        Memory.putShortBe(frame + OPTIONS, SOURCE_HARDWARE << 8 | 1);
        Ethernet.putAddress(frame + OPTIONS + 2, hardware);
        putChecksum(frame, payload);
    }

    /**
     * Writes an advertisement of an address by itself, {@link #FRAME_LENGTH} bytes.
     *
     * @param flags of the message
     * @param toHardware the neighbour that it goes to, at {@code toHigh}, {@code toLow}
     */
    public static void writeAdvertisement(
            long frame,
            int flags,
            long toHardware,
            long toHigh,
            long toLow,
            long hardware,
            long high,
            long low) {
        int payload = FRAME_LENGTH - MESSAGE;
        writeHeaders(frame, toHardware, hardware, payload);
        putAddress(frame + IP + SOURCE_OFFSET, high, low);
        putAddress(frame + IP + DESTINATION_OFFSET, toHigh, toLow);
        writeMessage(frame, ADVERTISEMENT, flags, high, low);
        Memory.putShortBe(frame + OPTIONS, TARGET_HARDWARE << 8 | 1);
        Ethernet.putAddress(frame + OPTIONS + 2, hardware);
        putChecksum(frame, payload);
    }

    private static void writeHeaders(long frame, long to, long from, int payload) {
        Ethernet.write(frame, to, from, Ethernet.TYPE_IPV6);
        Memory.putIntBe(frame + IP, 6 << 28);
        Memory.putShortBe(frame + IP + PAYLOAD_LENGTH_OFFSET, payload);
        Memory.putShortBe(frame + IP + NEXT_HEADER_OFFSET, ICMPV6 << 8 | MAX_HOP_LIMIT);
    }

    private static void writeMessage(long frame, int type, int flags, long high, long low) {
        Memory.putIntBe(frame + MESSAGE, type << 24);
        Memory.putIntBe(frame + MESSAGE + FLAGS_OFFSET, flags << 24);
        putAddress(frame + MESSAGE + TARGET_OFFSET, high, low);
    }

    private static void putChecksum(long frame, int payload) {
        Memory.putShortBe(
                frame + MESSAGE + CHECKSUM_OFFSET, Checksums.complement(checksum(frame, payload)));
    }

    private static void putAddress(long at, long high, long low) {
        Memory.putLongBe(at, high);
        Memory.putLongBe(at + 8, low);
    }
}
