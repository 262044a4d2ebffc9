package dev.tandem.tools.daemon;

import dev.tandem.failover.node.FailoverListener;
import dev.tandem.failover.node.FailoverReport;
import dev.tandem.failover.node.NodeStatus;
import java.io.IOException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what the failover node does into the log, one line each, and keeps its reports. */
final class FailoverLog implements FailoverListener {
    private static final Logger LOG = LoggerFactory.getLogger(FailoverLog.class);

    private final ReportStore reports;

    FailoverLog(ReportStore reports) {
        this.reports = reports;
    }

    @Override
    public void stateChanged(NodeStatus status) {
        LOG.info(
                "state={} epoch={} master={} reason={}",
                status.state(),
                status.epoch(),
                status.master().isEmpty() ? "-" : status.master(),
                status.reason());
    }

    @Override
    public void failedOver(FailoverReport report) {
        double totalMs = report.phasesMs().values().stream().mapToDouble(Double::doubleValue).sum();
        LOG.info(
                "failover id={} from={} to={} epoch={} ms={} phases={} connections={} cause={}"
                        + " evidence={}",
                report.id(),
                report.from().isEmpty() ? "-" : report.from(),
                report.to(),
                report.epoch(),
                String.format(Locale.ROOT, "%.1f", totalMs),
                report.phasesMs(),
                report.connections(),
                report.cause(),
                report.evidence());
        try {
            reports.save(Views.report(report));
        } catch (IOException e) {
            LOG.error("the report of failover {} could not be kept", report.id(), e);
        }
    }
}
