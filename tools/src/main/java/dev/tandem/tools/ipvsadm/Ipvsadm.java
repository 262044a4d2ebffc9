package dev.tandem.tools.ipvsadm;

import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.IpvsAnswer;
import dev.tandem.tools.api.IpvsOperation;
import dev.tandem.tools.ipvsadm.Popt.BadOption;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * One run of ipvsadm: a command line, or those of a restore, with ipvsadm's output and exit codes.
 *
 * <p>Picocli reads the other commands. It cannot read this one: there the first option is the
 * command, an option's value may begin with a dash, an optional one may not, and the first thing
 * that is wrong is told in ipvsadm's words while options are still being read.
 */
final class Ipvsadm {
    private static final String VERSION =
            "ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)";

    /** Changes of a restore that travel together; the API takes bodies of 64 KiB. */
    private static final int BATCH = 64;

    private final IpvsControl control;
    private final Names names;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Listing listing;

    Ipvsadm(IpvsControl control, Names names, InputStream in, PrintStream out, PrintStream err) {
        this.control = control;
        this.names = names;
        this.in = in;
        this.out = out;
        this.err = err;
        listing = new Listing(control, names, out);
    }

    /** Does what the words say and returns the exit code. */
    int run(List<String> words) {
        try {
            if (words.isEmpty()) {
                listing.print(new Request.Listing(EnumSet.noneOf(Option.class), null));
                return 0;
            }
            return switch (Parser.parse(words, names)) {
                case Request.Restore _ -> restore();
                case Request.Change change -> apply(List.of(change));
                case Request other -> print(other);
            };
        } catch (Failure e) {
            err.println(e.text());
            return e.code();
        } catch (BadOption e) {
            err.println(e.getMessage());
            return Failure.REFUSED;
        } catch (ApiException e) {
            err.println(e.getMessage());
            return e.status() == 400 ? Failure.USAGE : Failure.REFUSED;
        } catch (IOException e) {
            err.println("Can't initialize ipvs: " + e.getMessage());
            err.println("Is the daemon running? `tandem run --help' says how to start it.");
            return Failure.USAGE;
        }
    }

    private int print(Request request) throws Failure, ApiException, IOException {
        switch (request) {
            case Request.Listing asked -> listing.print(asked);
            case Request.Save(Set<Option> options) -> listing.save(options);
            case Request.Version() -> out.println(VERSION);
            case Request.Help() -> help();
            case Request.Change _, Request.Restore _ ->
                    throw new IllegalArgumentException("prints nothing: " + request);
        }
        return 0;
    }

    private void help() {
        out.println(VERSION);
        try (InputStream text =
                Objects.requireNonNull(Ipvsadm.class.getResourceAsStream("help.txt"))) {
            out.print(new String(text.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes changes; the exit code is the last one's. */
    private int apply(List<Request.Change> changes) throws ApiException, IOException {
        List<IpvsOperation> operations = changes.stream().map(Request.Change::operation).toList();
        List<IpvsAnswer.Result> results = control.apply(operations);
        int code = 0;
        for (int i = 0; i < changes.size(); i++) {
            IpvsAnswer.Result result = results.get(i);
            code = result.errno().isEmpty() ? 0 : Failure.REFUSED;
            if (code != 0) {
                err.println(KernelErrors.text(changes.get(i).command(), result));
            }
        }
        return code;
    }

    /**
     * A command in each line. What cannot be made sense of ends it; what the kernel refuses, or an
     * option that popt cannot read, does not.
     */
    private int restore() throws Failure, BadOption, ApiException, IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        List<Request.Change> waiting = new ArrayList<>();
        int code = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            List<String> words = words(line);
            if (words.isEmpty()) {
                continue;
            }
            Request request;
            try {
                request = Parser.parse(words, names);
            } catch (BadOption e) {
                apply(waiting);
                waiting.clear();
                err.println(e.getMessage());
                code = Failure.REFUSED;
                continue;
            } catch (Failure e) {
                apply(waiting);
                throw e;
            }
            if (request instanceof Request.Change change) {
                waiting.add(change);
                // somebody who types wants to see at once what became of it
                if (waiting.size() < BATCH && reader.ready()) {
                    continue;
                }
            }
            if (!waiting.isEmpty()) {
                code = apply(waiting);
                waiting.clear();
            }
            switch (request) {
                case Request.Change _ -> {}
                case Request.Restore _ -> throw Parser.tryHelp();
                case Request.Help _, Request.Version _ -> {
                    return print(request);
                }
                case Request.Listing _, Request.Save _ -> code = print(request);
            }
        }
        return waiting.isEmpty() ? code : apply(waiting);
    }

    /** A line's words, without ipvsadm's own name; of ours: nothing behind a #. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        for (String word : line.strip().split("\\s+", -1)) {
            if (word.startsWith("#")) {
                break;
            }
            if (!word.isEmpty() && !word.equals("ipvsadm")) {
                words.add(word);
            }
        }
        return words;
    }
}
