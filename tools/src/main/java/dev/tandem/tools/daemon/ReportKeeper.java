package dev.tandem.tools.daemon;

import dev.tandem.failover.node.FailoverListener;
import dev.tandem.failover.node.FailoverReport;
import dev.tandem.failover.node.NodeStatus;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the reports of the failover node. What it does it writes into the log by itself. */
final class ReportKeeper implements FailoverListener {
    private static final Logger LOG = LoggerFactory.getLogger(ReportKeeper.class);

    private final ReportStore reports;

    ReportKeeper(ReportStore reports) {
        this.reports = reports;
    }

    @Override
    public void stateChanged(NodeStatus status) {}

    @Override
    public void failedOver(FailoverReport report) {
        try {
            reports.save(Views.report(report));
        } catch (IOException e) {
            LOG.error("the report of failover {} could not be kept", report.id(), e);
        }
    }
}
