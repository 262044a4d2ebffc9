package dev.tandem.sync.transport;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * What the kernel dropped because a socket's receive buffer was full: the last column of
 * /proc/net/udp and udp6 (net/ipv4/udp.c, udp4_format_sock). The JDK does not tell a socket's
 * inode, so those that a step opened are found by looking at the process's descriptors before and
 * after it.
 */
final class SocketDrops {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final String SOCKET = "socket:[";
    private static final int LOCAL_ADDRESS = 1;
    private static final int INODE = 9;
    private static final int DROPS = 12;

    private final Path table;
    private final int firstPort;
    private final int ports;
    private final Set<String> before;
    private Set<String> inodes = Set.of();

    /** To be made before the sockets are opened. */
    SocketDrops(SyncLinkConfig config) {
        table = Path.of(config.ipv6() ? "/proc/net/udp6" : "/proc/net/udp");
        firstPort = config.port();
        ports = config.ports();
        before = sockets();
    }

    /** To be called when the sockets are open. */
    void opened() {
        Set<String> opened = sockets();
        opened.removeAll(before);
        inodes = opened;
    }

    /** Drops of the sockets so far; 0 where the kernel does not tell. */
    long read() {
        try {
            long sum = 0;
            for (String line : Files.readAllLines(table)) {
                sum += drops(line.strip().split("\\s+"));
            }
            return sum;
        } catch (IOException _) {
            return 0;
        }
    }

    private long drops(String[] columns) {
        if (columns.length <= DROPS || !inodes.contains(columns[INODE])) {
            return 0;
        }
        String address = columns[LOCAL_ADDRESS];
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
        return port >= firstPort && port < firstPort + ports ? Long.parseLong(columns[DROPS]) : 0;
    }

    private static Set<String> sockets() {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                addInode(inodes, descriptor);
            }
        } catch (IOException _) {
            // no /proc: nothing will be counted
        }
        return inodes;
    }

    private static void addInode(Set<String> inodes, Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            if (target.startsWith(SOCKET)) {
                inodes.add(target.substring(SOCKET.length(), target.length() - 1));
            }
        } catch (IOException _) {
            // closed in the meantime
        }
    }
}
