package dev.tandem.tools.config;

import static dev.tandem.tools.config.Syntax.absolutePath;
import static dev.tandem.tools.config.Syntax.flag;
import static dev.tandem.tools.config.Syntax.integer;
import static dev.tandem.tools.config.Syntax.interfaceName;
import static dev.tandem.tools.config.Syntax.name;
import static dev.tandem.tools.config.Syntax.words;

import dev.tandem.failover.config.Check;
import dev.tandem.failover.config.Check.Pace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the block {@code track} of {@code failover}. */
final class TrackReader {
    private static final Syntax<Integer> WEIGHT = integer(-Check.MAX_WEIGHT, Check.MAX_WEIGHT);
    private static final Syntax<Integer> TIMES = integer(1, 100);
    private static final Syntax<Integer> PROGRAM_MS = integer(10, 3_600_000);
    private static final int SECOND_MS = 1_000;

    private TrackReader() {}

    static List<Check> read(Section section) {
        List<Check> checks = new ArrayList<>();
        if (section.has("interfaces")) {
            checks.addAll(section.blocks("interfaces", "interfaces", TrackReader::link));
        }
        if (section.has("processes")) {
            checks.addAll(section.blocks("processes", "processes", TrackReader::process));
        }
        if (section.has("scripts")) {
            checks.addAll(section.blocks("scripts", "scripts", TrackReader::script));
        }
        return checks;
    }

    private static Check link(Section section) {
        return new Check.Interface(section.required("interface", interfaceName()), weight(section));
    }

    private static Check process(Section section) {
        Optional<Path> file = section.value("pid-file", absolutePath(SyncReader.MAX_PATH));
        Optional<String> process = section.value("name", words(255));
        if (file.isPresent() == process.isPresent()) {
            section.complain(
                    file.isPresent() ? "pid-file" : "name",
                    "must be one of name and pid-file, to say which process is meant");
        }
        return new Check.Running(
                process.orElse(""), file.orElse(null), weight(section), pace(section));
    }

    private static Check script(Section section) {
        Pace pace = pace(section);
        return new Check.Script(
                section.required("name", name()),
                command(section),
                weight(section),
                section.optional("timeout-ms", PROGRAM_MS, pace.intervalMs()),
                pace);
    }

    /** An absolute path and arguments. */
    static List<String> command(Section section) {
        List<String> command =
                section.values("command", "words, the first an absolute path", words(4096));
        if (section.isRead("command")
                && (command.isEmpty() || !Path.of(command.getFirst()).isAbsolute())) {
            section.complain("command", "must begin with an absolute path");
        }
        return command;
    }

    private static Pace pace(Section section) {
        return new Pace(
                section.optional("interval-ms", PROGRAM_MS, SECOND_MS),
                section.optional("rise", TIMES, 1),
                section.optional("fall", TIMES, 1));
    }

    /** Neither key: a fault, as keepalived's weight 0. */
    private static int weight(Section section) {
        Optional<Integer> weight = section.value("weight", WEIGHT);
        boolean fault = section.optional("fault", flag(), weight.isEmpty());
        if (weight.isPresent() && weight.get() == 0) {
            section.complain("weight", "is 0, which does nothing; fault: true is what is meant");
        } else if (fault == weight.isPresent()) {
            section.complain(
                    fault ? "weight" : "fault", "either fault: true or a weight has to be given");
        }
        return weight.orElse(0);
    }
}
