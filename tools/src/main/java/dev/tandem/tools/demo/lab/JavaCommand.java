package dev.tandem.tools.demo.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java program of ours as a process of its own inside a host. */
public final class JavaCommand {
    /** As {@code tools/bin/tandem} starts the daemon. */
    private static final List<String> OPTIONS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-Xms64m",
                    "-Xmx512m",
                    "-XX:MetaspaceSize=96m",
                    "--enable-native-access=ALL-UNNAMED");

    private JavaCommand() {}

    /**
     * The command that runs a main class with the class path of this process. {@code ip} replaces
     * itself by java, so the process that one gets is the program and not a shell.
     */
    public static List<String> in(Namespace host, String mainClass, String... arguments) {
        var command =
                new ArrayList<>(
                        host.command(Path.of(System.getProperty("java.home"), "bin/java") + ""));
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path", ""), mainClass));
        command.addAll(List.of(arguments));
        return command;
    }
}
