package dev.tandem.tools.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Captures of what real kernels sent (resources, corpus; most of them are sync-protocol's), each
 * with the tables that real kernels' backups had after hearing the same.
 *
 * @param rules the backups' services, lines of ipvsadm -Sn
 */
record Corpus(String name, List<String> rules, List<Snapshot> snapshots) {
    /** All of them. */
    static final List<String> NAMES =
            List.of(
                    "burst-2000",
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

    /**
     * A backup's table at a moment.
     *
     * @param syncId the backup's, as text
     * @param maxLength the longest message it reads
     * @param time UNIX seconds
     */
    record Snapshot(
            String label, String syncId, String maxLength, String time, List<Entry> entries) {
        @Override
        public String toString() {
            return label;
        }
    }

    /**
     * A line of the kernel's table.
     *
     * @param engine name and data of its persistence engine, or empty
     */
    record Entry(
            String protocol,
            String state,
            String client,
            String virtual,
            String real,
            long expires,
            String engine) {
        /** Everything but the time. */
        String key() {
            return String.join(" ", protocol, state, client, virtual, real, engine);
        }
    }

    static Corpus load(String name) {
        List<String> rules = new ArrayList<>();
        List<Snapshot> snapshots = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        for (String line : new String(bytes(name + ".txt"), UTF_8).lines().toList()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "rule" -> rules.add(line.substring("rule ".length()));
                case "snapshot" -> {
                    entries = new ArrayList<>();
                    snapshots.add(new Snapshot(words[1], words[3], words[5], words[7], entries));
                }
                default ->
                        entries.add(
                                new Entry(
                                        words[0],
                                        words[1],
                                        words[2],
                                        words[3],
                                        words[4],
                                        Long.parseLong(words[5]),
                                        words.length > 6 ? words[6] + " " + words[7] : ""));
            }
        }
        return new Corpus(name, rules, snapshots);
    }

    /** Puts the capture where a command can read it. */
    static Path capture(String name, Path dir) throws IOException {
        Path file = dir.resolve(name + ".pcap");
        return Files.exists(file) ? file : Files.write(file, bytes(name + ".pcap"));
    }

    private static byte[] bytes(String file) {
        try (InputStream plain = Corpus.class.getResourceAsStream("/corpus/" + file);
                InputStream packed = Corpus.class.getResourceAsStream("/corpus/" + file + ".gz")) {
            if (plain != null) {
                return plain.readAllBytes();
            }
            if (packed == null) {
                throw new IOException("no resource " + file);
            }
            return new GZIPInputStream(packed).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
