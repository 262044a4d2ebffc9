package dev.tandem.failover.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failover.core.Vote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VoteStoreTest {
    @TempDir Path directory;

    @Test
    void shouldKnowTheLastVoteWhenOpenedAgain() throws IOException {
        Path file = directory.resolve("deeper/web.a.vote");
        VoteStore.open(file).keep(3, "b");
        VoteStore again = VoteStore.open(file);
        assertEquals(new Vote(3, "b", 0), again.kept());
        again.keep(4, "knöten 2");
        assertEquals(new Vote(4, "knöten 2", 0), VoteStore.open(file).kept());
        assertEquals("4 knöten 2\n", Files.readString(file));
    }

    @Test
    void shouldHaveVotedForNobodyAtFirst() throws IOException {
        Path file = directory.resolve("vote");
        assertEquals(Vote.NONE, VoteStore.open(file).kept());
        assertEquals(Vote.NONE, VoteStore.open(file).kept());
    }

    @Test
    void shouldKeepNothingWithoutAFile() throws IOException {
        VoteStore store = VoteStore.open(null);
        store.keep(9, "a");
        assertEquals(Vote.NONE, store.kept());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1", "-1 a", "1 a\nb", "9999999999999999999 a", "\u0000"})
    void shouldSayThatTheFileHoldsNoVote(String text) throws IOException {
        Path file = directory.resolve("vote");
        Files.writeString(file, text);
        IOException refused = assertThrows(IOException.class, () -> VoteStore.open(file));
        assertTrue(String.valueOf(refused.getMessage()).startsWith(file + " should hold"));
    }

    @Test
    void shouldThrowWhenItCannotWrite() throws IOException {
        Path file = directory.resolve("vote");
        VoteStore store = VoteStore.open(file);
        Files.createDirectory(directory.resolve("vote.new"));
        assertThrows(IOException.class, () -> store.keep(1, "a"));
    }
}
