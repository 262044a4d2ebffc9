package dev.tandem.tools.interop;

import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.SyncConfig;
import dev.tandem.director.conn.ConnectionFilter;
import dev.tandem.director.conn.ConnectionView;
import dev.tandem.director.control.Director;
import dev.tandem.director.control.DirectorStatus;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.transport.SyncLinkConfig;
import dev.tandem.tools.config.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A director of ours on the segments, silent until it is told to take the addresses. */
final class TandemDirector implements Listed, AutoCloseable {
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
        return start(interop, number, file, UnaryOperator.identity());
    }

    /** The same with other settings of the replication. */
    static TandemDirector start(
            Interop interop, int number, TandemFile file, UnaryOperator<SyncConfig> sync)
            throws Exception {
        String name = "t" + number;
        Path yaml = interop.directory().resolve(name + ".yaml");
        Files.writeString(yaml, file.text(name, interop.directory()));
        Director director =
                interop.segments()
                        .tandem(number)
                        .call(() -> {
                            DirectorConfig read =
                                    ConfigReader.read(yaml).clusters().getFirst().director();
                            Director made =
                                    Director.open(
                                            new DirectorConfig(
                                                    read.interfaces(),
                                                    read.addressHolder(),
                                                    read.addresses(),
                                                    read.services(),
                                                    read.marks(),
                                                    read.sync().map(sync),
                                                    read.connectionLimit(),
                                                    read.spinMicros(),
                                                    read.settings()));
                            made.start();
                            return made;
                        });
        return interop.keep(new TandemDirector(name, director));
    }

    /** The messages' version. */
    static UnaryOperator<SyncConfig> version(int version) {
        return sync ->
                new SyncConfig(
                        sync.link(),
                        sync.syncId(),
                        version,
                        sync.policy(),
                        sync.flushMs(),
                        sync.hardening());
    }

    /** Trailers behind the records of what is sent. */
    static UnaryOperator<SyncConfig> hardened(HardeningConfig hardening) {
        return sync ->
                new SyncConfig(
                        sync.link(),
                        sync.syncId(),
                        sync.version(),
                        sync.policy(),
                        sync.flushMs(),
                        hardening);
    }

    /** Longer or shorter messages. */
    static UnaryOperator<SyncConfig> maxLength(int bytes) {
        return sync -> {
            SyncLinkConfig link = sync.link();
            return new SyncConfig(
                    new SyncLinkConfig(
                            link.interfaceName(),
                            link.group(),
                            link.peers(),
                            link.port(),
                            link.ports(),
                            link.ttl(),
                            bytes,
                            link.queueLength(),
                            link.socketBufferBytes()),
                    sync.syncId(),
                    sync.version(),
                    sync.policy(),
                    sync.flushMs(),
                    sync.hardening());
        };
    }

    @Override
    public List<TableRow> table() throws Exception {
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

    /** Becomes master: owns the addresses for as long as the test runs. */
    void takeAddresses() throws Exception {
        director.leaseUntil(System.nanoTime() + TimeUnit.HOURS.toNanos(1));
        director.takeAddresses().get(5, TimeUnit.SECONDS);
    }

    /** Is master no longer. */
    void releaseAddresses() throws Exception {
        director.releaseAddresses(0).get(5, TimeUnit.SECONDS);
        director.leaseUntil(System.nanoTime());
    }

    /** Sends all that the peer may not have. */
    void flush() throws Exception {
        director.flushSync().get(5, TimeUnit.SECONDS);
    }

    /** What it counts. */
    DirectorStatus status() {
        return director.status();
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
