package dev.tandem.tools.ipvsadm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What ipvsadm 1.31 was seen to do: a command line, its output, its exit code.
 *
 * @param errno number of the error that the kernel gave to every request; 0: none
 * @param words behind {@code ipvsadm}
 * @param output both streams, with their line ends
 */
record Transcript(int errno, List<String> words, String output, int code) {
    private static final Pattern COMMAND =
            Pattern.compile("\\$ (?:\\(errno (\\d+)\\) )?ipvsadm ?(.*)");
    private static final Pattern CODE = Pattern.compile(" *rc=(\\d+)");

    /** All of a resource that end with an exit code. */
    static List<Transcript> read(String resource) {
        List<Transcript> transcripts = new ArrayList<>();
        Optional<Matcher> command = Optional.empty();
        StringBuilder output = new StringBuilder();
        for (String line : text(resource).split("\n", -1)) {
            Matcher begins = COMMAND.matcher(line);
            Matcher ends = CODE.matcher(line);
            if (begins.matches()) {
                command = Optional.of(begins);
                output.setLength(0);
            } else if (ends.matches() && command.isPresent()) {
                Matcher of = command.get();
                transcripts.add(
                        new Transcript(
                                of.group(1) == null ? 0 : Integer.parseInt(of.group(1)),
                                words(of.group(2)),
                                output.toString(),
                                Integer.parseInt(ends.group(1))));
                command = Optional.empty();
            } else {
                output.append(line).append('\n');
            }
        }
        return transcripts;
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split(" +", -1));
    }

    private static String text(String resource) {
        try (InputStream in =
                Objects.requireNonNull(Transcript.class.getResourceAsStream(resource))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return (errno == 0 ? "" : "errno " + errno + ": ") + "ipvsadm " + String.join(" ", words);
    }
}
