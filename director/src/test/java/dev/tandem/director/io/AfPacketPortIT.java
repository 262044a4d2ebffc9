package dev.tandem.director.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** client 10.9.1.2 -- c0 | d0 forwarder d1 | s0 -- 10.9.2.2 server. */
@Tag("netns")
@Timeout(60)
class AfPacketPortIT {
    private static final int PORT = 4000;

    private final TestNamespaces namespaces = new TestNamespaces();
    private String client = "";
    private String director = "";
    private String server = "";

    @BeforeEach
    void build() {
        client = namespaces.add("c");
        director = namespaces.add("d");
        server = namespaces.add("s");
        namespaces.connect(client, "c0", director, "d0");
        namespaces.connect(server, "s0", director, "d1");
        host(client, "c0", "10.9.1.2/24", "10.9.1.1", "d0");
        host(server, "s0", "10.9.2.2/24", "10.9.2.1", "d1");
    }

    /** An address, and a default route through the director, which need not answer ARP. */
    private void host(String name, String device, String address, String gateway, String port) {
        TestNamespaces.in(name, "ip", "addr", "add", address, "dev", device);
        TestNamespaces.in(name, "ip", "route", "add", "default", "via", gateway);
        TestNamespaces.in(
                name,
                "ip",
                "neigh",
                "add",
                gateway,
                "lladdr",
                TestNamespaces.hardwareAddress(director, port),
                "dev",
                device);
    }

    @AfterEach
    void remove() {
        namespaces.close();
    }

    private TestForwarder forwarder() throws Exception {
        return new TestForwarder(
                director,
                List.of("d0", "d1"),
                new long[] {
                    TestNamespaces.parse(TestNamespaces.hardwareAddress(client, "c0")),
                    TestNamespaces.parse(TestNamespaces.hardwareAddress(server, "s0"))
                });
    }

    @Test
    void shouldCarryEveryByteInSuperFramesWhenOffloadsAreOn() throws Exception {
        try (TestForwarder forwarder = forwarder()) {
            transfer(64 << 20);
            assertTrue(forwarder.superFrames() > 100, "super-frames: " + forwarder.superFrames());
            assertHealthy(forwarder);
        }
    }

    @Test
    void shouldCarryEveryByteInPlainFramesWhenOffloadsAreOff() throws Exception {
        for (String[] end : new String[][] {{client, "c0"}, {server, "s0"}}) {
            offloads(end[0], end[1], "off");
        }
        offloads(director, "d0", "off");
        offloads(director, "d1", "off");
        try (TestForwarder forwarder = forwarder()) {
            transfer(16 << 20);
            assertEquals(0, forwarder.superFrames());
            assertTrue(forwarder.frames() > 10_000, "frames: " + forwarder.frames());
            assertHealthy(forwarder);
        }
    }

    @Test
    void shouldSegmentSuperFramesWhenTheOutgoingInterfaceCannot() throws Exception {
        offloads(director, "d1", "off"); // in through d0 with TSO, out through d1 without
        try (TestForwarder forwarder = forwarder()) {
            transfer(16 << 20);
            assertTrue(forwarder.superFrames() > 10, "super-frames: " + forwarder.superFrames());
            assertHealthy(forwarder);
        }
    }

    @Test
    void shouldAllocateNothingWhenForwarding() throws Exception {
        for (String[] end : new String[][] {{client, "c0"}, {server, "s0"}}) {
            offloads(end[0], end[1], "off"); // more frames per byte
        }
        offloads(director, "d0", "off");
        offloads(director, "d1", "off");
        try (TestForwarder forwarder = forwarder()) {
            transfer(1 << 20);
            // until the compiler has done its work, interpreted calls allocate; a loop that
            // allocates per frame or per call never shows a window without
            long leastAllocated = Long.MAX_VALUE;
            for (int window = 0; window < 12 && leastAllocated > 0; window++) {
                long frames = forwarder.frames();
                long allocated = forwarder.allocatedBytes();
                while (forwarder.frames() - frames < 100_000) {
                    transfer(32 << 20);
                }
                leastAllocated = Math.min(leastAllocated, forwarder.allocatedBytes() - allocated);
            }
            assertEquals(0, leastAllocated, "bytes allocated over 100000 frames");
        }
    }

    private static void offloads(String name, String device, String state) {
        TestNamespaces.in(
                name, "ethtool", "-K", device, "tx", state, "tso", state, "gso", state, "gro",
                state, "sg", state);
    }

    private static void assertHealthy(TestForwarder forwarder) {
        for (int i = 0; i < 2; i++) {
            PortCounters counters = forwarder.port(i).counters();
            assertEquals(0, counters.sendFailed(), counters.toString());
            assertEquals(0, counters.receiveTruncated(), counters.toString());
            assertEquals(0, counters.linkErrors(), counters.toString());
        }
    }

    /** Sends pseudo-random bytes from client to server, which checks each. */
    private void transfer(int bytes) throws Exception {
        InetAddress address = InetAddress.getByName("10.9.2.2");
        ServerSocket listener =
                TestNamespaces.call(server, () -> new ServerSocket(PORT, 1, address));
        FutureTask<Long> receiver =
                TestNamespaces.start(
                        server,
                        () -> {
                            try (Socket socket = listener.accept()) {
                                return check(socket.getInputStream());
                            }
                        });
        try (listener) {
            TestNamespaces.call(
                    client,
                    () -> {
                        try (Socket socket = new Socket()) {
                            socket.connect(new InetSocketAddress(address, PORT), 5000);
                            send(socket.getOutputStream(), bytes);
                        }
                        return null;
                    });
            assertEquals(bytes, receiver.get());
        }
    }

    private static void send(OutputStream out, int bytes) throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        byte[] block = new byte[1 << 16];
        for (int sent = 0; sent < bytes; sent += block.length) {
            random.nextBytes(block);
            out.write(block);
        }
    }

    private static long check(InputStream in) throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        byte[] expected = new byte[1 << 16];
        long received = 0;
        while (true) {
            byte[] block = in.readNBytes(expected.length);
            if (block.length == 0) {
                return received;
            }
            random.nextBytes(expected);
            if (!Arrays.equals(expected, block)) {
                throw new EOFException("wrong bytes after " + received);
            }
            received += block.length;
        }
    }
}
