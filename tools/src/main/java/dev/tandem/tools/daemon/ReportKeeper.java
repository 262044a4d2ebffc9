package dev.tandem.tools.daemon;

import dev.tandem.failover.core.State;
import dev.tandem.failover.node.FailoverListener;
import dev.tandem.failover.node.FailoverReport;
import dev.tandem.failover.node.NodeStatus;
import dev.tandem.tools.api.Report;
import dev.tandem.tools.api.Transition;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the reports of one cluster's failovers, and of every change of this node's state in it.
 * What it does it writes into the log by itself.
 *
 * <p>The report of a failover comes a little after the state that it led to, or just before; the
 * change of state is kept at once, and again with what the failover has to tell.
 */
final class ReportKeeper implements FailoverListener {
    private static final Logger LOG = LoggerFactory.getLogger(ReportKeeper.class);

    private final String cluster;
    private final Reports reports;
    private final @Nullable Notifier notifier;
    private @Nullable State state;
    private long sinceNs;
    private @Nullable Transition last;
    private @Nullable Report over;

    /** Where they are kept. */
    record Reports(ReportStore<Report> failovers, ReportStore<Transition> transitions) {}

    /**
     * @param notifier is told of every change of state once; null where nobody is
     */
    ReportKeeper(String cluster, Reports reports, @Nullable Notifier notifier) {
        this.notifier = notifier;
        this.cluster = cluster;
        this.reports = reports;
    }

    @Override
    public synchronized void stateChanged(NodeStatus status) {
        if (status.state() == state) {
            return;
        }
        long nowNs = System.nanoTime();
        Transition transition =
                new Transition(
                        Views.TIME.format(Instant.now()),
                        cluster,
                        status.node(),
                        state == null ? "" : state.name(),
                        status.state().name(),
                        state == null ? 0 : TimeUnit.NANOSECONDS.toMillis(nowNs - sinceNs),
                        status.epoch(),
                        status.master(),
                        status.reason(),
                        "",
                        Map.of(),
                        -1,
                        status.priority(),
                        status.vote().holder(),
                        status.vote().epoch(),
                        status.whyNotReady(),
                        status.peers().stream().map(Views::peer).toList());
        state = status.state();
        sinceNs = nowNs;
        keep(transition);
        if (notifier != null) {
            notifier.tell(transition);
        }
    }

    @Override
    public synchronized void failedOver(FailoverReport report) {
        Report view = Views.report(cluster, report);
        save(view, view);
        over = view;
        Transition before = last;
        if (before != null && before.to().equals("MASTER")) {
            keep(before);
        }
    }

    /** The report of a failover that was reported here, with what both nodes said of it. */
    synchronized void prove(Report proven) {
        Report kept = over;
        if (kept != null && kept.id().equals(proven.id())) {
            save(kept, proven);
        }
    }

    private void save(Report place, Report report) {
        try {
            reports.failovers().save(title(place.at(), place.id()), report);
        } catch (IOException e) {
            LOG.error("the report of failover {} could not be kept", report.id(), e);
        }
    }

    private void keep(Transition transition) {
        Report report = over;
        Transition whole =
                report != null && isOf(transition, report) ? transition.partOf(report) : transition;
        last = whole;
        try {
            reports.transitions().save(title(whole.at(), whole.from() + "-" + whole.to()), whole);
        } catch (IOException e) {
            LOG.error("the change to {} could not be kept", whole.to(), e);
        }
    }

    /** Whether it is the new master's becoming one, or the end of the old one's handover. */
    private static boolean isOf(Transition transition, Report report) {
        boolean took = transition.to().equals("MASTER") && report.to().equals(transition.node());
        boolean gave =
                transition.from().equals("HANDOVER") && report.from().equals(transition.node());
        return transition.epoch() == report.epoch() && (took || gave);
    }

    private String title(String at, String what) {
        return at + "-" + cluster + "-" + what;
    }
}
