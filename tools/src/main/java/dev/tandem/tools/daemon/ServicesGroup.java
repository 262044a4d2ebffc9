package dev.tandem.tools.daemon;

import dev.tandem.director.control.Director;
import dev.tandem.failover.node.FailoverListener;
import dev.tandem.failover.node.FailoverNode;
import dev.tandem.failover.node.FailoverReport;
import dev.tandem.failover.node.NodeStatus;
import dev.tandem.tools.api.ApiException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Between {@link ReplicatedServices} and what it is about: a director, and the group that the
 * failover layer has. What comes from the group is worked on by a thread of its own, for it waits
 * for the director.
 */
final class ServicesGroup
        implements FailoverListener, ReplicatedServices.Live, ReplicatedServices.Peers {
    private final Director director;
    private final FailoverListener next;
    private final ReplicatedServices services;
    private final Executor thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("services").daemon(true).factory());
    private volatile @Nullable FailoverNode node;

    /**
     * @param next is told whatever this is told
     */
    ServicesGroup(String cluster, String nodeName, Director director, FailoverListener next) {
        this.director = director;
        this.next = next;
        services = new ReplicatedServices(cluster, nodeName, this, this);
    }

    /** To be called before the node is started, whose listener this is. */
    void node(FailoverNode its) {
        node = its;
    }

    ReplicatedServices services() {
        return services;
    }

    @Override
    public void stateChanged(NodeStatus status) {
        next.stateChanged(status);
    }

    @Override
    public void failedOver(FailoverReport report) {
        next.failedOver(report);
    }

    @Override
    public void joined(String peer) {
        thread.execute(() -> services.joined(peer));
    }

    @Override
    public void received(String from, String document) {
        thread.execute(() -> services.received(from, document));
    }

    @Override
    public ServicesContent now() {
        return new ServicesContent(director.services().services(), director.settings().now());
    }

    @Override
    public void replace(ServicesContent content) throws ApiException {
        IpvsChanges.await(
                director.changeServices(services -> services.replace(content.services())));
        director.settings().replace(content.settings());
    }

    @Override
    public ReplicatedServices.Standing standing() {
        NodeStatus status = node().status();
        return new ReplicatedServices.Standing(
                status.isMaster(), status.epoch(), status.master(), status.state().name());
    }

    @Override
    public Set<String> present() {
        return node().present();
    }

    @Override
    public int limitBytes() {
        return FailoverNode.MAX_DOCUMENT_BYTES;
    }

    @Override
    public void send(String to, String text) {
        node().send(to, text);
    }

    private FailoverNode node() {
        return Objects.requireNonNull(node);
    }
}
