package dev.tandem.director.testing;

import dev.tandem.director.io.AfPacketPort;
import dev.tandem.director.io.Memory;
import dev.tandem.director.io.TestNamespaces;
import dev.tandem.director.io.VnetHeader;
import dev.tandem.director.packet.Ethernet;

/**
 * The end of tunnels in a namespace whose kernel has no tunnel devices: takes IPIP, GUE and GRE
 * packets off an interface, and hands what is inside to the kernel through a veth pair. The
 * kernel's own stack is kept from seeing, and refusing, the tunnel's packets.
 */
public final class Decapsulator implements AutoCloseable {
    public static final int GUE_PORT = 6080;

    private static final int BATCH = 64;

    private final AfPacketPort from;
    private final AfPacketPort to;
    private final long toHardware;
    private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::run);
    private volatile boolean closed;

    private Decapsulator(AfPacketPort from, AfPacketPort to, long toHardware) {
        this.from = from;
        this.to = to;
        this.toHardware = toHardware;
        thread.start();
    }

    /** Opens one for the packets that arrive on a device of a namespace. */
    public static Decapsulator open(String namespace, String device) throws Exception {
        TestNamespaces.in(
                namespace, "ip", "link", "add", "tun-in", "type", "veth", "peer", "name",
                "tun-out");
        for (String end : new String[] {"tun-in", "tun-out"}) {
            TestNamespaces.in(namespace, "ip", "link", "set", end, "up");
            TestNamespaces.in(namespace, "sysctl", "-qw", "net.ipv4.conf." + end + ".rp_filter=0");
        }
        String rules =
                "add table inet decapsulated; add chain inet decapsulated in { type filter hook"
                        + " prerouting priority raw; }; add rule inet decapsulated in meta l4proto {"
                        + " 4, 41, 47 } drop; add rule inet decapsulated in udp dport "
                        + GUE_PORT
                        + " drop";
        TestNamespaces.in(namespace, "nft", rules);
        long hardware = TestNamespaces.parse(TestNamespaces.hardwareAddress(namespace, "tun-out"));
        return TestNamespaces.call(
                namespace,
                () ->
                        new Decapsulator(
                                AfPacketPort.open(device, 0),
                                AfPacketPort.open("tun-in", 1),
                                hardware));
    }

    private void run() {
        while (!closed) {
            int count = from.receive(BATCH);
            for (int i = 0; i < count; i++) {
                unwrap(from.frame(i), from.length(i));
            }
            to.flush();
            from.release(count);
            if (count == 0) {
                Thread.onSpinWait();
            }
        }
    }

    private void unwrap(long frame, int length) {
        int offset = inside(frame);
        if (offset == 0) {
            return;
        }
        long inner = frame + offset - Ethernet.HEADER_LENGTH;
        VnetHeader.clear(inner);
        boolean ipv6 = Memory.getByte(frame + offset) >>> 4 == 6;
        Ethernet.write(
                inner,
                toHardware,
                to.hardwareAddress(),
                ipv6 ? Ethernet.TYPE_IPV6 : Ethernet.TYPE_IPV4);
        to.enqueue(inner, length - offset + Ethernet.HEADER_LENGTH);
    }

    /** Bytes in front of the packet inside, 0: it is no tunnel's packet. */
    private static int inside(long frame) {
        long ip = frame + Ethernet.HEADER_LENGTH;
        boolean ipv6 = Memory.getByte(ip) >>> 4 == 6;
        int protocol = Memory.getByte(ip + (ipv6 ? 6 : 9));
        int header = ipv6 ? 40 : 20;
        int behind =
                switch (protocol) {
                    case 4, 41 -> 0;
                    case 17 -> Memory.getShortBe(ip + header + 2) == GUE_PORT ? 12 : -1;
                    case 47 -> Memory.getShortBe(ip + header) == 0 ? 4 : 8;
                    default -> -1;
                };
        return behind < 0 ? 0 : Ethernet.HEADER_LENGTH + header + behind;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        from.close();
        to.close();
    }
}
