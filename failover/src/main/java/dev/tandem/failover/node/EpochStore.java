package dev.tandem.failover.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the highest epoch that this node ever used, a decimal number and a line feed in a file, so
 * that none is used twice, whatever dies when. Written to a file aside, synced, renamed.
 *
 * <p>A takeover must not wait for a disk: each write reserves some epochs more, and those need no
 * write. A node that starts goes on behind what was reserved. Confined to the failover thread.
 */
final class EpochStore {
    private static final int RESERVED = 16;
    private static final int MAX_DIGITS = 18;

    private final @Nullable Path file;
    private long reserved;

    private EpochStore(@Nullable Path file, long reserved) {
        this.file = file;
        this.reserved = reserved;
    }

    /**
     * Reads the file; where there is none yet, the epoch is 0.
     *
     * @param file null: nothing is kept, as where no arbiter needs it
     * @throws IOException when it cannot be read or written, or holds no epoch
     */
    static EpochStore open(@Nullable Path file) throws IOException {
        if (file == null) {
            return new EpochStore(null, 0);
        }
        EpochStore store = new EpochStore(file, read(file));
        store.write(store.reserved);
        return store;
    }

    private static long read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.US_ASCII).strip();
        } catch (NoSuchFileException _) {
            return 0;
        }
        if (text.isEmpty()
                || text.length() > MAX_DIGITS
                || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IOException(
                    file
                            + " should hold an epoch, a number from 0, and does not; see that no other"
                            + " node ever used a higher one before you remove it");
        }
        return Long.parseLong(text);
    }

    /** The highest epoch that may have been used before this process. */
    long stored() {
        return reserved;
    }

    /**
     * Returns when the epoch is on the disk.
     *
     * @throws IOException when it is not; the epoch may not be used then
     */
    void keep(long epoch) throws IOException {
        if (file != null && epoch > reserved) {
            write(epoch + RESERVED);
            reserved = epoch + RESERVED;
        }
    }

    private void write(long epoch) throws IOException {
        Path target = file;
        if (target == null) {
            return;
        }
        Path directory = target.resolveSibling("").toAbsolutePath();
        Files.createDirectories(directory);
        Path aside = target.resolveSibling(target.getFileName() + ".new");
        ByteBuffer text = ByteBuffer.wrap((epoch + "\n").getBytes(StandardCharsets.US_ASCII));
        try (FileChannel channel =
                FileChannel.open(
                        aside,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
        }
        Files.move(
                aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        // the rename is in the directory, which has a cache of its own
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
