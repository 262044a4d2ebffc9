package dev.tandem.tools.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each file under resources/config is a bad configuration; the line {@code #! message} that follows
 * a line says what must be reported about it, and nothing else may be.
 */
class ConfigErrorsTest {
    private static final String EXPECTED = "#! ";
    private static final Path FILES = Path.of("src/test/resources/config");

    static List<String> badFiles() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void shouldReportExactlyWhatIsWrong(String name) throws IOException {
        List<String> lines = Files.readAllLines(FILES.resolve(name));
        StringBuilder text = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        int line = 0;
        for (String each : lines) {
            if (each.startsWith(EXPECTED)) {
                expected.append(name + ":" + line + ": " + each.substring(EXPECTED.length()))
                        .append('\n');
            } else {
                line++;
                text.append(each).append('\n');
            }
        }
        assertEquals(expected.toString(), problems(name, text.toString()) + "\n");
    }

    @Test
    void shouldNameTheFileWhenItIsNotText(@TempDir Path dir) throws IOException {
        Path file = Files.write(dir.resolve("x.yaml"), new byte[] {'a', ':', ' ', (byte) 0xFF});
        ConfigException e = assertThrows(ConfigException.class, () -> ConfigReader.read(file));
        assertEquals(file + ":1: this is not UTF-8 text", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "? ", "a: &a [*a, ", "!!set "})
    void shouldRefuseAtOnceWhateverIsRepeated(String piece) {
        String bomb = piece.repeat(YamlReader.MAX_CHARACTERS / piece.length());
        assertTimeout(
                Duration.ofSeconds(10),
                () -> assertThrows(ConfigException.class, () -> ConfigReader.parse("bomb", bomb)));
    }

    @Test
    void shouldRefuseAHugeFile() {
        String huge = "a".repeat(YamlReader.MAX_CHARACTERS + 1);
        assertEquals("f:1: the file is larger than 4194304 characters", problems("f", huge));
    }

    /** Whatever is done to a file, it is read or refused in words; nothing else may be thrown. */
    @Test
    void shouldSurviveMutilatedFiles() throws IOException {
        String good = Files.readString(Path.of("examples/a.yaml"));
        String alphabet = "{}[]:,-#&*!|>'\"%@`? \n\t\0\u00e4\ufeff019az";
        SplittableRandom random = new SplittableRandom(815);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            StringBuilder text = new StringBuilder(good);
            for (int n = random.nextInt(1, 6); n > 0; n--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 ->
                            text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    default -> text.setLength(Math.max(8, at));
                }
            }
            try {
                ConfigReader.parse("f", text.toString());
            } catch (ConfigException e) {
                assertFalse(e.problems().isEmpty());
                refused++;
            }
        }
        assertTrue(refused > 1000, "most were refused, but only " + refused);
    }

    private static String problems(String name, String text) {
        ConfigException e =
                assertThrows(ConfigException.class, () -> ConfigReader.parse(name, text));
        return e.problems().stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }
}
