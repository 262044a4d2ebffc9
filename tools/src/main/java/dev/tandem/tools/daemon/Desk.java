package dev.tandem.tools.daemon;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.director.control.Director;
import dev.tandem.director.control.DirectorControl.Vitals;
import dev.tandem.director.control.DirectorStatus.PathStatus;
import dev.tandem.failover.core.State;
import dev.tandem.failover.node.FailoverListener;
import dev.tandem.failover.node.FailoverNode;
import dev.tandem.failover.node.FailoverReport;
import dev.tandem.failover.node.NodeStatus;
import dev.tandem.tools.api.Json;
import dev.tandem.tools.api.NodeView;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a node says of itself what a planned switch-over has to know, and asks the others for the
 * same, by documents of the group. Any thread; what it is told as a listener comes on one.
 */
final class Desk implements FailoverListener {
    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
    private static final int ANSWER_MS = 2_000;

    /** How the desk's documents begin; those of others do not. */
    private static final String MARK = "{\"desk\":";

    private final Director director;
    private final FailoverListener next;
    private final Map<Long, CompletableFuture<NodeView>> asked = new ConcurrentHashMap<>();
    private final AtomicLong questions = new AtomicLong();
    private volatile @Nullable FailoverNode node;
    private volatile State state = State.INIT;

    /** Packets forwarded when the addresses were given away; negative: they never were. */
    private volatile long gaveAwayAt = -1;

    /**
     * A question, or with a view its answer.
     *
     * @param desk number of the question
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Note(long desk, @Nullable NodeView view) {}

    /**
     * @param next is told whatever is not for the desk
     */
    Desk(Director director, FailoverListener next) {
        this.director = director;
        this.next = next;
    }

    /** To be called before the node is started, whose listener this is. */
    void node(FailoverNode its) {
        node = its;
    }

    /** What another node, or this one, says of itself now. */
    CompletableFuture<NodeView> ask(String whom) {
        if (whom.equals(node().status().node())) {
            return CompletableFuture.completedFuture(view());
        }
        long question = questions.incrementAndGet();
        CompletableFuture<NodeView> answer = new CompletableFuture<>();
        asked.put(question, answer);
        node().send(whom, Json.text(new Note(question, null)));
        return answer.orTimeout(ANSWER_MS, TimeUnit.MILLISECONDS)
                .whenComplete((_, _) -> asked.remove(question));
    }

    private NodeView view() {
        NodeStatus status = node().status();
        Vitals vitals = director.vitals();
        long forwarded = forwarded();
        long baseline = gaveAwayAt;
        return new NodeView(
                status.node(),
                node().incarnation(),
                status.state().name(),
                status.epoch(),
                vitals.connections(),
                vitals.syncLagRecords(),
                vitals.readiness().compared(),
                vitals.readiness().missing(),
                status.whyNotReady(),
                ServicesMessage.digest(
                        new ServicesContent(
                                director.services().services(), director.settings().now())),
                forwarded,
                baseline < 0 ? 0 : forwarded - baseline);
    }

    private long forwarded() {
        PathStatus path = director.status().path();
        return path.toServer() + path.toClient();
    }

    @Override
    public void stateChanged(NodeStatus status) {
        if (state == State.HANDOVER && status.state() != State.HANDOVER) {
            gaveAwayAt = status.state() == State.MASTER ? -1 : forwarded();
        } else if (status.state() == State.MASTER) {
            gaveAwayAt = -1;
        }
        state = status.state();
        next.stateChanged(status);
    }

    @Override
    public void failedOver(FailoverReport report) {
        next.failedOver(report);
    }

    @Override
    public void joined(String peer) {
        next.joined(peer);
    }

    @Override
    public void received(String from, String document) {
        if (!document.startsWith(MARK)) {
            next.received(from, document);
            return;
        }
        Note note;
        try {
            note = Json.read(document, Note.class);
        } catch (IOException e) {
            LOG.warn("{} asked or answered what is none: {}", from, e.getMessage());
            return;
        }
        if (note.view() == null) {
            node().send(from, Json.text(new Note(note.desk(), view())));
            return;
        }
        CompletableFuture<NodeView> answer = asked.get(note.desk());
        if (answer != null && note.view().node().equals(from)) {
            answer.complete(note.view());
        }
    }

    private FailoverNode node() {
        return Objects.requireNonNull(node);
    }
}
