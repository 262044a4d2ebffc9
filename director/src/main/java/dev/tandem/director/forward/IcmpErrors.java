package dev.tandem.director.forward;

import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Ethernet;
import dev.tandem.director.packet.Icmp;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Ipv6;

/** Writes ICMP errors (RFC 792, RFC 4443) behind an Ethernet header that others write. */
final class IcmpErrors {
    /** An ICMP error quotes as much as fits these many bytes of IP (RFC 1812 section 4.3.2.3). */
    private static final int MAX_LENGTH = 576;

    /** And an ICMPv6 error these (RFC 4443 section 2.4 c). */
    private static final int MAX_LENGTH_6 = Ipv6.MINIMUM_MTU;

    /** u32 behind the checksum: the MTU where there is one to tell. */
    private static final int REST_OFFSET = 4;

    private IcmpErrors() {}

    /**
     * Writes the IP packet of an error.
     *
     * @param about the IP packet that it is about
     * @param available bytes of that
     * @param mtu in its place, or 0
     * @return bytes of the frame
     */
    static int write(
            long frame,
            long about,
            int available,
            boolean ipv6,
            int type,
            int code,
            int mtu,
            long fromHigh,
            long fromLow,
            long toHigh,
            long toLow) {
        long ip = frame + Ethernet.HEADER_LENGTH;
        int header = ipv6 ? Ipv6.HEADER_LENGTH : Ipv4.MIN_HEADER_LENGTH;
        int most = (ipv6 ? MAX_LENGTH_6 : MAX_LENGTH) - header - Icmp.HEADER_LENGTH;
        int quoted = Math.min(available, most);
        int length = Icmp.HEADER_LENGTH + quoted;
        int sum = 0;
        Memory.putShortBe(
                frame + Ethernet.TYPE_OFFSET, ipv6 ? Ethernet.TYPE_IPV6 : Ethernet.TYPE_IPV4);
        if (ipv6) {
            Ipv6.write(
                    ip,
                    0,
                    length,
                    Ipv6.PROTOCOL_ICMP,
                    Ipv6.DEFAULT_HOP_LIMIT,
                    fromHigh,
                    fromLow,
                    toHigh,
                    toLow);
            sum = Checksums.pseudoHeader(ip, true, Ipv6.PROTOCOL_ICMP, length);
        } else {
            Ipv4.write(ip, header + length, Ipv4.PROTOCOL_ICMP, (int) fromLow, (int) toLow);
        }
        long icmp = ip + header;
        Memory.putByte(icmp + Icmp.TYPE_OFFSET, type);
        Memory.putByte(icmp + Icmp.CODE_OFFSET, code);
        Memory.putShortBe(icmp + Icmp.CHECKSUM_OFFSET, 0);
        Memory.putIntBe(icmp + REST_OFFSET, mtu);
        Memory.copy(about, icmp + Icmp.HEADER_LENGTH, quoted);
        Memory.putShortBe(
                icmp + Icmp.CHECKSUM_OFFSET,
                Checksums.complement(Checksums.add(sum, Checksums.sum(icmp, length))));
        return Ethernet.HEADER_LENGTH + header + length;
    }
}
