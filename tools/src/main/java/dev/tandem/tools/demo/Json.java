package dev.tandem.tools.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a result goes for programs. */
public final class Json {
    private Json() {}

    /** Whether the standard output is for the result alone. */
    public static boolean isOutput(Path file) {
        return file.toString().equals("-");
    }

    /** Writes a result to a file, or for - to the standard output. */
    public static void write(Path file, Object result) throws IOException {
        byte[] bytes =
                new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(result);
        if (isOutput(file)) {
            System.out.write(bytes);
            System.out.println();
        } else {
            Files.write(file, bytes);
        }
    }
}
