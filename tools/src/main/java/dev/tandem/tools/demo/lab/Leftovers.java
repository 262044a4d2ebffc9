package dev.tandem.tools.demo.lab;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What runs leave on the machine: namespaces and a directory, both named after the run, which is
 * named after the process that owns it.
 *
 * <p>A run cleans up after itself. One that was killed cannot, so the next run does; and a run that
 * was asked to leave things (or failed, and its logs are wanted) marks them with a file, and only
 * {@code tandem demo --clean} removes them.
 */
public final class Leftovers {
    /** What the name of every namespace of ours begins with; a run's number and a dash follow. */
    public static final String PREFIX = "tandem-";

    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final Path DIRECTORIES = Path.of("/run/tandem-demo");
    private static final String KEPT = "kept";

    private Leftovers() {}

    /** A fresh directory for a run's sockets, configurations and logs, for its owner only. */
    public static Path directory(String id) throws IOException {
        var ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(DIRECTORIES, ownerOnly);
        return Files.createDirectory(DIRECTORIES.resolve(id), ownerOnly);
    }

    /** Leaves a run's directory, and its namespaces if it still has any, until a clean-up. */
    static void keep(String id) throws IOException {
        Files.writeString(DIRECTORIES.resolve(id).resolve(KEPT), "");
    }

    /**
     * Removes all that runs left whose process is gone.
     *
     * @param kept also what was left on purpose
     * @return the runs that were removed
     */
    public static List<String> removeOrphans(boolean kept) throws IOException {
        List<String> orphans =
                ids().stream()
                        .filter(id -> !alive(id))
                        .filter(id -> kept || !Files.exists(DIRECTORIES.resolve(id).resolve(KEPT)))
                        .toList();
        orphans.forEach(Leftovers::removeAll);
        return orphans;
    }

    /** Ends what runs in the namespaces of a run and removes them, then its directory. */
    public static void removeAll(String id) {
        remove(id);
        removeDirectory(id);
    }

    /** Removes a run's directory with all that is in it. */
    static void removeDirectory(String id) {
        try (Stream<Path> files = Files.walk(DIRECTORIES.resolve(id))) {
            files.map(Path::toFile)
                    .sorted((left, right) -> right.compareTo(left))
                    .forEach(File::delete);
        } catch (IOException _) {
            // there was none
        }
    }

    /** Ends what runs in the namespaces of a run and removes them. */
    static void remove(String id) {
        for (String name : namespaces(PREFIX + id + "-")) {
            try {
                Commands.run("ip", "netns", "pids", name)
                        .lines()
                        .map(pid -> ProcessHandle.of(Long.parseLong(pid)))
                        .flatMap(Optional::stream)
                        .filter(process -> !process.equals(ProcessHandle.current()))
                        .forEach(ProcessHandle::destroyForcibly);
                Commands.run("ip", "netns", "delete", name);
            } catch (IOException e) {
                System.err.println("tandem: could not remove namespace " + name + ": " + e);
            }
        }
    }

    private static SortedSet<String> ids() throws IOException {
        var ids = new TreeSet<String>();
        for (String name : namespaces(PREFIX)) {
            String id = name.substring(PREFIX.length()).replaceFirst("-.*", "");
            if (id.matches("\\d+")) {
                ids.add(id);
            }
        }
        if (Files.isDirectory(DIRECTORIES)) {
            try (Stream<Path> directories = Files.list(DIRECTORIES)) {
                directories
                        .map(directory -> directory.getFileName().toString())
                        .filter(name -> name.matches("\\d+"))
                        .forEach(ids::add);
            }
        }
        return ids;
    }

    private static List<String> namespaces(String prefix) {
        String[] names = NAMESPACES.toFile().list();
        return names == null
                ? List.of()
                : Stream.of(names).filter(name -> name.startsWith(prefix)).sorted().toList();
    }

    /** Whether the process of a run is there still: numbers of processes are used again. */
    private static boolean alive(String id) {
        return ProcessHandle.of(Long.parseLong(id))
                .flatMap(process -> process.info().command())
                .filter(command -> command.endsWith("/java"))
                .isPresent();
    }
}
