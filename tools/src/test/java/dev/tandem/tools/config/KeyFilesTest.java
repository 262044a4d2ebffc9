package dev.tandem.tools.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyFilesTest {
    @TempDir private Path dir;

    @Test
    void shouldReadWhatItMade() throws IOException {
        Path file = dir.resolve("k");
        KeyFiles.make(file);
        assertEquals(32, KeyFiles.read(file).length);
    }

    @ParameterizedTest
    @CsvSource({"15, false", "16, true", "1024, true", "1025, false"})
    void shouldTakeSixteenToAThousandAndTwentyFourBytes(int length, boolean good)
            throws IOException {
        Path file = write(Base64.getEncoder().encodeToString(new byte[length]), "rw-------");
        if (good) {
            assertEquals(length, KeyFiles.read(file).length);
        } else {
            assertEquals(
                    file + " holds a key of " + length + " bytes, but must hold 16 to 1024",
                    refusal(file));
        }
    }

    @ParameterizedTest
    @CsvSource({"rw-r-----", "rw----r--", "rw-rw----"})
    void shouldRefuseAKeyThatOthersMayRead(String mode) throws IOException {
        Path file = write("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", mode);
        assertEquals(
                file
                        + " has mode "
                        + mode
                        + ": others than its owner may use it; chmod 600 "
                        + file,
                refusal(file));
    }

    @Test
    void shouldRefuseWhatIsNoKey() throws IOException {
        Path absent = dir.resolve("absent");
        assertEquals(
                "there is no file " + absent + "; make it: tandem key " + absent, refusal(absent));
        Path text = write("not base64!", "rw-------");
        assertEquals(text + " is not one line of Base64", refusal(text));
        Path huge = write("A".repeat(5000), "rw-------");
        assertEquals(huge + " is no key file; make one: tandem key " + huge, refusal(huge));
        Files.write(text, new byte[] {(byte) 0x80, (byte) 0xFF});
        assertEquals(text + " is not one line of Base64", refusal(text));
    }

    private Path write(String text, String mode) throws IOException {
        Path file = Files.createTempFile(dir, "key", "");
        Files.writeString(file, text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return file;
    }

    private static String refusal(Path file) {
        return String.valueOf(
                assertThrows(IOException.class, () -> KeyFiles.read(file)).getMessage());
    }
}
