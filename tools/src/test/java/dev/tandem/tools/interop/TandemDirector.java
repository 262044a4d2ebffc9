package dev.tandem.tools.interop;

import dev.tandem.director.conn.ConnectionFilter;
import dev.tandem.director.conn.ConnectionView;
import dev.tandem.director.control.Director;
import dev.tandem.tools.config.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A director of ours on the segments, silent until it is told to take the addresses. */
final class TandemDirector implements AutoCloseable {
    private static final int ALL = 100_000;

    private final String name;
    private final Director director;

    private TandemDirector(String name, Director director) {
        this.name = name;
        this.director = director;
    }

    /**
     * Starts a director.
     *
     * @param number 3 or 4, the last digit of its addresses
     */
    static TandemDirector start(Interop interop, int number, TandemFile file) throws Exception {
        String name = "t" + number;
        Path yaml = interop.directory().resolve(name + ".yaml");
        Files.writeString(yaml, file.text(name, interop.directory()));
        Director director =
                interop.segments()
                        .tandem(number)
                        .call(() -> {
                            Director made =
                                    Director.open(
                                            ConfigReader.read(yaml)
                                                    .clusters()
                                                    .getFirst()
                                                    .director());
                            made.start();
                            return made;
                        });
        return interop.keep(new TandemDirector(name, director));
    }

    /** Its connection table in the kernel's words. */
    List<TableRow> table() throws Exception {
        return director.connections(ConnectionFilter.ALL, ALL).get(5, TimeUnit.SECONDS).stream()
                .map(TandemDirector::row)
                .toList();
    }

    private static TableRow row(ConnectionView view) {
        return new TableRow(
                view.protocol(),
                view.expiresSeconds(),
                view.state(),
                view.client(),
                view.virtual(),
                view.real(),
                "");
    }

    /** What it knows and what it wrote last. */
    String story() {
        try {
            return director.status() + "\n" + table() + "\n";
        } catch (Exception e) {
            return "no answer: " + e + "\n";
        }
    }

    @Override
    public void close() {
        director.close();
    }

    @Override
    public String toString() {
        return "tandem " + name;
    }
}
