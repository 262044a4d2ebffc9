package dev.tandem.director.packet;

import dev.tandem.director.io.Memory;

/**
 * ARP for IPv4 over Ethernet (RFC 826). All offsets are from the start of the ARP packet, directly
 * behind the Ethernet header.
 */
public final class Arp {
    /** Length of the packet in bytes. */
    public static final int LENGTH = 28;

    /** Length in bytes of the frame that carries one; padding to 60 is left to the driver. */
    public static final int FRAME_LENGTH = Ethernet.HEADER_LENGTH + LENGTH;

    /** u16: hardware type, 1 for Ethernet. */
    public static final int HARDWARE_TYPE_OFFSET = 0;

    /** u16: protocol type, 0x0800 for IPv4. */
    public static final int PROTOCOL_TYPE_OFFSET = 2;

    /** u16: the two address lengths, 6 and 4. */
    public static final int ADDRESS_LENGTHS_OFFSET = 4;

    /** u16: {@link #REQUEST} or {@link #REPLY}. */
    public static final int OPERATION_OFFSET = 6;

    /** 6 bytes. */
    public static final int SENDER_HARDWARE_OFFSET = 8;

    /** u32. */
    public static final int SENDER_ADDRESS_OFFSET = 14;

    /** 6 bytes. */
    public static final int TARGET_HARDWARE_OFFSET = 18;

    /** u32. */
    public static final int TARGET_ADDRESS_OFFSET = 24;

    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    private static final int HARDWARE_ETHERNET = 1;
    private static final int LENGTHS_6_4 = 0x0604;

    private Arp() {}

    /** Whether the frame holds a whole ARP request or reply for IPv4 over Ethernet. */
    public static boolean isValid(long frame, int length) {
        if (length < FRAME_LENGTH
                || Memory.getShortBe(frame + Ethernet.TYPE_OFFSET) != Ethernet.TYPE_ARP) {
            return false;
        }
        long arp = frame + Ethernet.HEADER_LENGTH;
        int operation = Memory.getShortBe(arp + OPERATION_OFFSET);
        return Memory.getShortBe(arp + HARDWARE_TYPE_OFFSET) == HARDWARE_ETHERNET
                && Memory.getShortBe(arp + PROTOCOL_TYPE_OFFSET) == Ethernet.TYPE_IPV4
                && Memory.getShortBe(arp + ADDRESS_LENGTHS_OFFSET) == LENGTHS_6_4
                && (operation == REQUEST || operation == REPLY);
    }

    /** Writes a whole frame of {@link #FRAME_LENGTH} bytes. */
    public static void write(
            long frame,
            long destination,
            int operation,
            long senderHardware,
            int senderAddress,
            long targetHardware,
            int targetAddress) {
        Ethernet.write(frame, destination, senderHardware, Ethernet.TYPE_ARP);
        long arp = frame + Ethernet.HEADER_LENGTH;
        Memory.putShortBe(arp + HARDWARE_TYPE_OFFSET, HARDWARE_ETHERNET);
        Memory.putShortBe(arp + PROTOCOL_TYPE_OFFSET, Ethernet.TYPE_IPV4);
        Memory.putShortBe(arp + ADDRESS_LENGTHS_OFFSET, LENGTHS_6_4);
        Memory.putShortBe(arp + OPERATION_OFFSET, operation);
        Ethernet.putAddress(arp + SENDER_HARDWARE_OFFSET, senderHardware);
        Memory.putIntBe(arp + SENDER_ADDRESS_OFFSET, senderAddress);
        Ethernet.putAddress(arp + TARGET_HARDWARE_OFFSET, targetHardware);
        Memory.putIntBe(arp + TARGET_ADDRESS_OFFSET, targetAddress);
    }
}
