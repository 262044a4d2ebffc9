package dev.tandem.sync;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Datagrams that the master of a real kernel (Linux 6.1.176) sent, and {@code /proc/net/ip_vs_conn}
 * of the kernel that was its backup, at the end.
 */
record Capture(List<ByteBuffer> datagrams, List<String> backupTable) {
    /** All captures in the test resources. */
    static final List<String> NAMES =
            List.of(
                    "burst-2000-start",
                    "ftp-passive",
                    "fwmark",
                    "ipv6-nat",
                    "long-lived",
                    "maxlen-512",
                    "mcast-group",
                    "mcast-ipv6",
                    "mixed",
                    "persist-v4",
                    "persist-v6",
                    "refresh-period-10",
                    "sctp",
                    "sip-pe",
                    "sync-ports-4",
                    "syncid-0",
                    "syncid-1",
                    "tcp-dr",
                    "tcp-nat",
                    "tcp-states",
                    "tcp-tun",
                    "threshold-2-5",
                    "two-masters",
                    "udp-nat",
                    "udp-ops",
                    "v0-tcp",
                    "v0-udp-dr");

    private static final int PCAP_HEADER_LENGTH = 24;
    private static final int FRAME_HEADER_LENGTH = 16;
    private static final int ETHERNET_LENGTH = 14;
    private static final int IPV4_LENGTH = 20;
    private static final int IPV6_LENGTH = 40;
    private static final int UDP_LENGTH = 8;

    static Capture read(String name) {
        ByteBuffer pcap = ByteBuffer.wrap(bytes(name + ".pcap")).order(ByteOrder.LITTLE_ENDIAN);
        if (pcap.getInt(0) != 0xA1B2C3D4) {
            throw new IllegalStateException(name + " is no pcap file");
        }
        List<ByteBuffer> datagrams = new ArrayList<>();
        for (int at = PCAP_HEADER_LENGTH; at < pcap.capacity(); ) {
            int length = pcap.getInt(at + 8);
            at += FRAME_HEADER_LENGTH;
            int headers = ETHERNET_LENGTH + UDP_LENGTH;
            headers += pcap.get(at + ETHERNET_LENGTH) == 0x45 ? IPV4_LENGTH : IPV6_LENGTH;
            datagrams.add(pcap.slice(at + headers, length - headers));
            at += length;
        }
        String table = new String(bytes(name + ".conn"), StandardCharsets.US_ASCII);
        return new Capture(datagrams, table.lines().skip(1).toList());
    }

    /** Every datagram of every capture, for instance as seeds of a fuzzer. */
    static Stream<byte[]> everyDatagram() {
        return NAMES.stream()
                .flatMap(name -> read(name).datagrams.stream())
                .map(datagram -> {
                    byte[] bytes = new byte[datagram.remaining()];
                    datagram.duplicate().get(bytes);
                    return bytes;
                });
    }

    private static byte[] bytes(String name) {
        try (InputStream in = Capture.class.getResourceAsStream("/corpus/" + name)) {
            if (in == null) {
                throw new IllegalStateException("no capture " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
