package dev.tandem.failover.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpochStoreTest {
    @TempDir Path directory;

    @Test
    void shouldNeverComeBackBelowWhatWasUsed() throws IOException {
        Path file = directory.resolve("deeper/web.a.epoch");
        long before = 0;
        for (int start = 0; start < 5; start++) {
            EpochStore store = EpochStore.open(file);
            assertTrue(store.stored() >= before, store.stored() + " after " + before);
            for (int i = 1; i <= 7; i++) {
                before = store.stored() + i;
                store.keep(before);
            }
        }
        assertTrue(Long.parseLong(Files.readString(file).strip()) >= before);
    }

    @Test
    void shouldWriteNothingForWhatIsReserved() throws IOException {
        Path file = directory.resolve("epoch");
        EpochStore store = EpochStore.open(file);
        store.keep(1);
        String written = Files.readString(file);
        for (int epoch = 2; epoch <= 17; epoch++) {
            store.keep(epoch);
        }
        assertEquals(written, Files.readString(file));
        store.keep(18);
        assertEquals("34\n", Files.readString(file));
    }

    @Test
    void shouldKeepNothingWithoutAFile() throws IOException {
        EpochStore store = EpochStore.open(null);
        store.keep(9);
        assertEquals(0, store.stored());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "1 2", "99999999999999999999", "\u0000"})
    void shouldSayThatTheFileHoldsNoEpoch(String text) throws IOException {
        Path file = directory.resolve("epoch");
        Files.writeString(file, text);
        IOException refused = assertThrows(IOException.class, () -> EpochStore.open(file));
        assertTrue(String.valueOf(refused.getMessage()).startsWith(file + " should hold"));
    }

    @Test
    void shouldThrowWhenItCannotWrite() throws IOException {
        Path file = directory.resolve("epoch");
        EpochStore store = EpochStore.open(file);
        Files.createDirectory(directory.resolve("epoch.new"));
        assertThrows(IOException.class, () -> store.keep(1));
    }
}
