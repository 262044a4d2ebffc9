package dev.tandem.failover.node;

import dev.tandem.failover.core.Vote;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a node's last vote, so that it votes once in an epoch and no epoch is used twice, whatever
 * dies when: a line with the epoch, a decimal number, a space, and the name of who was voted for.
 * Written to a file aside, synced, renamed. Confined to the failover thread.
 */
final class VoteStore {
    private static final Pattern LINE = Pattern.compile("([0-9]{1,18}) ([^\\n]*)\\n?");

    private final @Nullable Path file;
    private Vote kept;

    private VoteStore(@Nullable Path file, Vote kept) {
        this.file = file;
        this.kept = kept;
    }

    /**
     * Reads the file; where there is none yet, nobody was voted for.
     *
     * @param file null: nothing is kept, as where no arbiter needs it
     * @throws IOException when it cannot be read or written, or holds no vote
     */
    static VoteStore open(@Nullable Path file) throws IOException {
        if (file == null) {
            return new VoteStore(null, Vote.NONE);
        }
        Vote kept = read(file);
        write(file, kept);
        return new VoteStore(file, kept);
    }

    private static Vote read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException _) {
            return Vote.NONE;
        }
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            throw new IOException(
                    file
                            + " should hold an epoch and a name, and does not; before you remove it,"
                            + " see that this node is not needed for a majority for a second");
        }
        return new Vote(Long.parseLong(line.group(1)), line.group(2), 0);
    }

    /** The last vote of this node, of this process or one before. */
    Vote kept() {
        return kept;
    }

    /**
     * Returns when the vote is on the disk.
     *
     * @throws IOException when it is not; it may not be given then
     */
    void keep(long epoch, String holder) throws IOException {
        if (file != null && (epoch != kept.epoch() || !holder.equals(kept.holder()))) {
            Vote vote = new Vote(epoch, holder, 0);
            write(file, vote);
            kept = vote;
        }
    }

    /** The kernel's reasons do not name what it could not write. */
    private static void write(Path file, Vote vote) throws IOException {
        try {
            replace(file, vote);
        } catch (IOException e) {
            throw new IOException("vote-file %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static void replace(Path file, Vote vote) throws IOException {
        Path directory = file.resolveSibling("").toAbsolutePath();
        Files.createDirectories(directory);
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        String line = vote.epoch() + " " + vote.holder() + "\n";
        ByteBuffer text = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
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
                aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        // the rename is in the directory, which has a cache of its own
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
