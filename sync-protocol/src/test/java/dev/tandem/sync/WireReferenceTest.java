package dev.tandem.sync;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** WIRE.md is what people read, so it must say what the code does. */
class WireReferenceTest {
    @ParameterizedTest
    @EnumSource
    void shouldSayOfEachVerdictWhatItCosts(SyncVerdict verdict) throws IOException {
        String row =
                "| `%s` | %d | %s |"
                        .formatted(
                                verdict,
                                verdict.code(),
                                verdict.loss().name().toLowerCase(Locale.ROOT));

        assertTrue(Files.readString(Path.of("WIRE.md")).contains(row), row);
    }
}
