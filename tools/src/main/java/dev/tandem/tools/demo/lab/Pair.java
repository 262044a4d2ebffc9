package dev.tandem.tools.demo.lab;

import dev.tandem.tools.api.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The two directors of a lab, and the witness where the plan has one. */
public final class Pair implements AutoCloseable {
    private static final int LOG_LINES = 40;
    private static final Duration START = Duration.ofSeconds(40);

    private final Lab lab;
    private final DirectorProcess[] directors = new DirectorProcess[2];
    private @Nullable DirectorProcess witness;

    private Pair(Lab lab) throws IOException {
        this.lab = lab;
        if (lab.plan().witness()) {
            startWitness();
        }
        for (int index = 0; index < directors.length; index++) {
            restart(index);
        }
    }

    /** Starts both; {@link #awaitReady} says when they work. */
    public static Pair start(Lab lab) throws IOException {
        return new Pair(lab);
    }

    /** The third node, if there is one. */
    public Optional<DirectorProcess> witness() {
        return Optional.ofNullable(witness);
    }

    public List<DirectorProcess> directors() {
        return List.of(directors);
    }

    /**
     * Waits until one is master and the other its backup, each knowing of the other, and the master
     * hears the witness if there is one. Where a takes the addresses back, it has to have them.
     *
     * @throws IOException with the end of both logs when one of them ends or it takes too long
     */
    public void awaitReady() throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + START.toNanos();
        while (!ready()) {
            for (DirectorProcess director : directors) {
                if (!director.alive()) {
                    throw new IOException(
                            "director " + director.node() + " ended at its start\n" + logs());
                }
            }
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new IOException(
                        "the directors did not become master and backup within "
                                + START.toSeconds()
                                + " s\n"
                                + logs());
            }
            Thread.sleep(20);
        }
    }

    private boolean ready() {
        return master().filter(master -> master.status().filter(Pair::hearsAll).isPresent())
                .flatMap(this::backupOf)
                .isPresent();
    }

    private static boolean hearsAll(Status status) {
        return status.peers().stream().allMatch(Status.Peer::alive);
    }

    /** The highest epoch that a director tells of. */
    public long epoch() {
        return directors().stream()
                .flatMap(director -> director.status().stream())
                .mapToLong(Status::epoch)
                .max()
                .orElse(0);
    }

    /** The one that says it owns the addresses. */
    public Optional<DirectorProcess> master() {
        return directors().stream().filter(director -> is(director, "MASTER")).findFirst();
    }

    /** The other one, when it is a backup and hears the master. */
    private Optional<DirectorProcess> backupOf(DirectorProcess master) {
        return Optional.of(peerOf(master))
                .filter(peer -> peer.status().filter(Pair::hearsItsMaster).isPresent());
    }

    /** The other one. */
    public DirectorProcess peerOf(DirectorProcess director) {
        return directors[1 - director.index()];
    }

    /** Starts a director, one that has ended for instance. */
    public void restart(int index) throws IOException {
        directors[index] = DirectorProcess.start(lab, index);
    }

    private void startWitness() throws IOException {
        witness =
                DirectorProcess.start(
                        lab, lab.witness(), "w", NodeFile.witness(lab.plan(), lab.directory()));
    }

    /** Starts what has ended, and resumes what hangs. */
    public void heal() throws IOException {
        for (DirectorProcess director : directors) {
            if (director.alive()) {
                director.resume();
            } else {
                restart(director.index());
            }
        }
        if (witness != null && witness.alive()) {
            witness.resume();
        } else if (witness != null) {
            startWitness();
        }
    }

    private static boolean is(DirectorProcess director, String state) {
        return director.status().filter(status -> status.state().equals(state)).isPresent();
    }

    private static boolean hearsItsMaster(Status status) {
        return status.state().equals("BACKUP")
                && status.peers().stream()
                        .anyMatch(peer -> peer.alive() && peer.state().equals("MASTER"));
    }

    /** What both wrote last. */
    public String logs() {
        var text = new StringBuilder();
        for (DirectorProcess director : directors) {
            text.append("--- last lines of director ").append(director.node()).append('\n');
            text.append(director.logTail(LOG_LINES)).append('\n');
        }
        return text.toString();
    }

    /** Ends both, the backup first so that nothing moves any more. */
    @Override
    public void close() {
        master().map(this::peerOf).ifPresent(DirectorProcess::close);
        for (DirectorProcess director : directors) {
            director.close();
        }
        witness().ifPresent(DirectorProcess::close);
    }
}
