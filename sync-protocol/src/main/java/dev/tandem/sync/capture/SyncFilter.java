package dev.tandem.sync.capture;

/** Filters for the kernel to apply (man pcap-filter), so that other traffic costs nothing. */
public final class SyncFilter {
    private SyncFilter() {}

    /**
     * UDP to these ports, and all fragments, since only the first of a datagram's tells its port.
     * Tagged frames count too.
     */
    public static String expression(int firstPort, int lastPort) {
        String wanted =
                "(udp dst portrange %d-%d or (ip proto 17 and ip[6:2] & 0x3fff != 0) or ip6 proto 44)"
                        .formatted(firstPort, lastPort);
        return wanted + " or (vlan and " + wanted + ")";
    }
}
