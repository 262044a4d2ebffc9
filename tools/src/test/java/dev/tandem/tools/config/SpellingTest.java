package dev.tandem.tools.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    @ParameterizedTest
    @CsvSource({
        "port, port, 0",
        "prot, port, 1",
        "ports, port, 1",
        "wieght, weight, 1",
        "a, xyz, 3"
    })
    void shouldCountEdits(String from, String to, int edits) {
        assertEquals(edits, Spelling.distance(from, to));
        assertEquals(edits, Spelling.distance(to, from));
    }

    @Test
    void shouldGuessOnlyWhatIsNear() {
        List<String> known = List.of("port", "weight", "forwarding");
        assertEquals(Optional.of("forwarding"), Spelling.nearest("forwaring", known));
        assertEquals(Optional.empty(), Spelling.nearest("timeout", known));
    }
}
