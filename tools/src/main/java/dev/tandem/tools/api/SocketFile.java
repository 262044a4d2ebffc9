package dev.tandem.tools.api;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A listening Unix socket that nobody but its owner could ever open.
 *
 * <p>bind(2) creates the file by the umask and listens at once, so the socket is bound inside a
 * directory of mode 0700, gets its own mode there, and is then renamed to where it belongs. The
 * rename also replaces a socket that a dead daemon left, without a moment in which there is none.
 */
final class SocketFile implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ONLY_DIRECTORY =
            PosixFilePermissions.fromString("rwx------");

    /** connect(2) fails at once when so many wait; the kernel caps it at net.core.somaxconn. */
    private static final int BACKLOG = 1024;

    private final Path path;
    private final ServerSocketChannel channel;
    private final @Nullable Object fileKey;

    private SocketFile(Path path, ServerSocketChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.fileKey = key(path);
    }

    /**
     * Listens at a path; its directory is made when it is missing.
     *
     * @throws IOException when somebody answers there, or something that is no socket lies there
     */
    static SocketFile listen(Path path) throws IOException {
        Path directory = Objects.requireNonNull(path.toAbsolutePath().getParent());
        Files.createDirectories(directory);
        refuseUnlessAbandoned(path);
        Path nursery = directory.resolve(".t" + Integer.toHexString(new Random().nextInt()));
        Files.createDirectory(nursery, PosixFilePermissions.asFileAttribute(OWNER_ONLY_DIRECTORY));
        Path born = nursery.resolve("s");
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(born), BACKLOG);
            Files.setPosixFilePermissions(born, OWNER_ONLY);
            Files.move(born, path, StandardCopyOption.ATOMIC_MOVE);
            return new SocketFile(path, channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        } finally {
            Files.deleteIfExists(born);
            Files.delete(nursery);
        }
    }

    ServerSocketChannel channel() {
        return channel;
    }

    /** Stops listening, and removes the file unless a later daemon has put its own there. */
    @Override
    public void close() throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        // compared while the socket is open, which keeps its inode from being used again
        if (fileKey != null && fileKey.equals(key(path))) {
            Files.deleteIfExists(path);
        }
        channel.close();
    }

    private static void refuseUnlessAbandoned(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!attributes(path).isOther()) {
            throw new IOException(path + " exists and is no socket; move it away");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException _) {
            return;
        }
        throw new IOException(
                "another daemon answers at " + path + "; stop it or choose another api.socket");
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? attributes(path).fileKey() : null;
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
