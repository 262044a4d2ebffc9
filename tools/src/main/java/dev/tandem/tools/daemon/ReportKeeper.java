package dev.tandem.tools.daemon;

import dev.tandem.failover.node.FailoverListener;
import dev.tandem.failover.node.FailoverReport;
import dev.tandem.failover.node.NodeStatus;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the reports of one cluster's failovers. What it does it writes into the log by itself. */
final class ReportKeeper implements FailoverListener {
    private static final Logger LOG = LoggerFactory.getLogger(ReportKeeper.class);

    private final String cluster;
    private final ReportStore reports;

    ReportKeeper(String cluster, ReportStore reports) {
        this.cluster = cluster;
        this.reports = reports;
    }

    @Override
    public void stateChanged(NodeStatus status) {}

    @Override
    public void failedOver(FailoverReport report) {
        try {
            reports.save(Views.report(cluster, report));
        } catch (IOException e) {
            LOG.error("the report of failover {} could not be kept", report.id(), e);
        }
    }
}
