package dev.tandem.tools.ipvsadm;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tandem ipvsadm}, which {@code ipvsadm} in the PATH also comes to. */
@Command(
        name = "ipvsadm",
        description = {
            "Everything that ipvsadm 1.31 does, in its words, with its output and exit codes.",
            "Before its own options: --socket PATH (TANDEM_SOCKET), --cluster NAME (TANDEM_CLUSTER)."
        },
        customSynopsis = "tandem ipvsadm [--socket PATH] [--cluster NAME] COMMAND [OPTIONS]",
        footer = {
            "",
            "Example: tandem ipvsadm -A -t 192.0.2.10:80 -s wlc",
            "         tandem ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.11 -m && tandem ipvsadm -Ln",
            "         tandem ipvsadm -h    (all its options)"
        })
public final class IpvsadmCommand implements Callable<Integer> {
    @SuppressWarnings("UnusedVariable") // so that picocli's help knows of it
    @Parameters(arity = "0..*", hidden = true)
    private List<String> words = List.of();

    /** The words of ipvsadm never come through picocli, but for {@code tandem help ipvsadm}. */
    @Override
    public Integer call() {
        return run(words, System.getenv());
    }

    /**
     * Does what the words say, with this process's streams, and returns the exit code.
     *
     * @param environment TANDEM_SOCKET, TANDEM_CLUSTER and TANDEM_AUTOSTART are looked at
     */
    public static int run(List<String> words, Map<String, String> environment) {
        String socket = null;
        String cluster = environment.getOrDefault("TANDEM_CLUSTER", "");
        Deque<String> rest = new ArrayDeque<>(words);
        while (rest.size() > 1) {
            if (rest.getFirst().equals("--socket")) {
                rest.removeFirst();
                socket = rest.removeFirst();
            } else if (rest.getFirst().equals("--cluster")) {
                rest.removeFirst();
                cluster = rest.removeFirst();
            } else {
                break;
            }
        }
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err);
        try {
            DaemonControl control = new DaemonControl(Autostart.of(socket, environment), cluster);
            return new Ipvsadm(control, new SystemNames(), System.in, out, err)
                    .run(List.copyOf(rest));
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** For {@link dev.tandem.tools.Main}: the words behind the first. */
    public static int run(String[] args) {
        return run(Arrays.asList(args).subList(1, args.length), System.getenv());
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor), 1 << 16),
                false,
                StandardCharsets.UTF_8);
    }
}
