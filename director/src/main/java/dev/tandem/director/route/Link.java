package dev.tandem.director.route;

/**
 * A network interface of the host.
 *
 * @param index the kernel's number of it; an interface that is deleted and made again gets another
 * @param up administratively up
 * @param carrier operational: something answers at the other end
 * @param ethernet its hardware addresses are Ethernet's, and neighbours are found by ARP
 * @param mtu bytes, Ethernet header not counted
 * @param ipv6Mtu bytes; less than {@code mtu} when a router on the link says so (RFC 4861 section
 *     4.6.4)
 * @param hardwareAddress in the low 48 bits, first byte highest
 */
public record Link(
        int index,
        String name,
        boolean up,
        boolean carrier,
        boolean ethernet,
        int mtu,
        int ipv6Mtu,
        long hardwareAddress) {

    /** Whether frames can leave through it. */
    public boolean usable() {
        return up && carrier;
    }

    Link withIpv6Mtu(int bytes) {
        return new Link(index, name, up, carrier, ethernet, mtu, bytes, hardwareAddress);
    }
}
