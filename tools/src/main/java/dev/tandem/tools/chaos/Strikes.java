package dev.tandem.tools.chaos;

import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.FailoverRequest;
import dev.tandem.tools.demo.lab.DirectorProcess;
import dev.tandem.tools.demo.lab.Lab;
import dev.tandem.tools.demo.lab.Pair;
import dev.tandem.tools.demo.lab.Wires.Leg;
import java.io.IOException;
import java.util.Optional;

/** Makes troubles real, and mends all. */
final class Strikes {
    private static final int LOST_PERCENT = 10;

    private final Lab lab;
    private final Pair pair;

    Strikes(Lab lab, Pair pair) {
        this.lab = lab;
        this.pair = pair;
    }

    /**
     * Does all that a step says, but for mending it.
     *
     * @param master who is master as it begins
     * @return empty, or what became of a command that was refused
     */
    Optional<String> strike(Step step, DirectorProcess master)
            throws IOException, InterruptedException {
        Optional<String> refused = Optional.empty();
        for (Trouble trouble : step.troubles()) {
            if (trouble != step.troubles().getFirst()) {
                Thread.sleep(step.apartMs());
            }
            if (trouble == Trouble.PLANNED) {
                refused = handOver(master);
            } else {
                strike(trouble, master);
            }
        }
        Thread.sleep(step.holdMs());
        return refused;
    }

    private Optional<String> handOver(DirectorProcess master) throws IOException {
        try {
            var _ = master.api().failover(FailoverRequest.to(pair.peerOf(master).node()));
            return Optional.empty();
        } catch (ApiException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void strike(Trouble trouble, DirectorProcess master) throws IOException {
        DirectorProcess backup = pair.peerOf(master);
        switch (trouble) {
            case KILL_MASTER -> master.kill();
            case KILL_BACKUP -> backup.kill();
            case RESTART_MASTER -> {
                master.kill();
                pair.restart(master.index());
            }
            case HANG_MASTER -> master.hang();
            case HANG_BACKUP -> backup.hang();
            case PULL_MASTER_OUTSIDE -> lab.wires().pull(master.index(), Leg.OUTSIDE);
            case PULL_MASTER_INSIDE -> lab.wires().pull(master.index(), Leg.INSIDE);
            case PULL_MASTER -> lab.wires().pullAll(master.index());
            case CUT_MASTER -> lab.wires().pull(master.index(), Leg.LINK);
            case PULL_BACKUP_OUTSIDE -> lab.wires().pull(backup.index(), Leg.OUTSIDE);
            case PULL_BACKUP -> lab.wires().pullAll(backup.index());
            case CUT_BACKUP -> lab.wires().pull(backup.index(), Leg.LINK);
            case DEAFEN_MASTER -> lab.wires().deafen(master.index());
            case DEAFEN_BACKUP -> lab.wires().deafen(backup.index());
            case KILL_WITNESS -> pair.witness().ifPresent(DirectorProcess::kill);
            case HANG_WITNESS -> {
                if (pair.witness().isPresent()) {
                    pair.witness().get().hang();
                }
            }
            case PLANNED -> throw new IllegalArgumentException("is a command");
            case LOSE -> lab.wires().lose(LOST_PERCENT);
        }
    }

    void mend() throws IOException {
        lab.wires().mend();
        pair.heal();
    }
}
