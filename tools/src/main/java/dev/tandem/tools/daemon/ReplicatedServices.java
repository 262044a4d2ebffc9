package dev.tandem.tools.daemon;

import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Status;
import dev.tandem.tools.daemon.ServicesMessage.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the services and settings of a cluster's nodes the same. Any thread.
 *
 * <p>Commands are for the master, which makes a new {@link ServicesVersion} of every request that
 * changed something and sends all of it to all. Whoever has the higher version is right, whoever
 * has a lower one takes it over: nodes that meet tell each other what they have, and the one that
 * has more sends it. So it does not matter in which order messages come, nor which node was master
 * when one was sent, and a node that was away catches up by itself.
 *
 * <p>One exception. Two masters of the same epoch, who were cut off from each other, may both have
 * made versions. When they meet, one of them stays master, and it makes a version above both of
 * what it has itself.
 */
final class ReplicatedServices {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicatedServices.class);

    /** Of so many malformed messages the first is told in the log. */
    private static final int LOG_EVERY = 1000;

    /** The director's part. */
    interface Live {
        /** What it has now. */
        ServicesContent now();

        /**
         * Makes this what it has; what stays the same keeps its connections and counters.
         *
         * @throws ApiException when it does not answer
         * @throws RuntimeException when it cannot have that; nothing has changed then
         */
        void replace(ServicesContent content) throws ApiException;
    }

    /** The other nodes' part. */
    interface Peers {
        Standing standing();

        /** Who is in the group now. */
        Set<String> present();

        /** Most bytes of a text in UTF-8. */
        int limitBytes();

        /** To one of them, in order, unless it is gone. */
        void send(String to, String text);
    }

    /**
     * What this node is.
     *
     * @param master name of the master, which may be this node on its way; empty: none is known
     */
    record Standing(boolean isMaster, long epoch, String master, String state) {}

    /** Makes changes in the director. */
    interface Changes<T> {
        /** What there is to answer. */
        T make() throws ApiException;
    }

    private record Held(ServicesVersion version, @Nullable Refusal refused) {}

    private record Digest(ServicesContent of, String value) {}

    private final String cluster;
    private final String node;
    private final Live live;
    private final Peers peers;
    private final Map<String, ServicesMessage> told = new ConcurrentHashMap<>();
    private final AtomicLong malformed = new AtomicLong();

    /** The last that was asked for: to make one of thousands of servers takes a while. */
    private volatile @Nullable Digest digest;

    /** Written while synchronized. */
    private volatile Held held = new Held(ServicesVersion.NONE, null);

    ReplicatedServices(String cluster, String node, Live live, Peers peers) {
        this.cluster = cluster;
        this.node = node;
        this.live = live;
        this.peers = peers;
    }

    /**
     * Makes changes here if this is the master, and publishes what came of them.
     *
     * @throws ApiException 409 when this is not the master, or when the services would become too
     *     many to be sent; nothing has changed then
     */
    synchronized <T> T change(Changes<T> changes) throws ApiException {
        Standing standing = peers.standing();
        if (!standing.isMaster()) {
            throw new ApiException(409, refusal(standing));
        }
        ServicesContent before = live.now();
        T answer;
        try {
            answer = changes.make();
        } catch (ApiException e) {
            // some of them may have been made
            publishChange(before, standing.epoch());
            throw e;
        }
        publishChange(before, standing.epoch());
        return answer;
    }

    private String refusal(Standing standing) {
        String why =
                standing.master().isEmpty() || standing.master().equals(node)
                        ? "there is no master at present, %s is %s"
                                .formatted(node, standing.state())
                        : "%s is master, and %s is %s"
                                .formatted(standing.master(), node, standing.state());
        return "services and settings of cluster %s are replicated and change on the master only: %s"
                .formatted(cluster, why);
    }

    private void publishChange(ServicesContent before, long epoch) throws ApiException {
        ServicesContent after = live.now();
        if (after.equals(before)) {
            return;
        }
        ServicesVersion next = held.version().next(epoch, node);
        String text = all(next, after);
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > peers.limitBytes()) {
            live.replace(before);
            throw new ApiException(
                    409,
                    ("nothing was changed: the services of cluster %s would take %d bytes to"
                                    + " replicate, and the most is %d")
                            .formatted(cluster, bytes, peers.limitBytes()));
        }
        held = new Held(next, null);
        sendAll(text);
    }

    /** Another node has come, perhaps for another time: it is told what there is here. */
    synchronized void joined(String peer) {
        told.remove(peer);
        peers.send(peer, have());
    }

    /** Another node says what it has. */
    synchronized void received(String from, String text) {
        ServicesMessage message;
        try {
            message = ServicesMessage.decode(text);
        } catch (IOException e) {
            if (malformed.getAndIncrement() % LOG_EVERY == 0) {
                LOG.warn("{} sent what is no message about services: {}", from, e.getMessage());
            }
            return;
        }
        told.put(from, message);
        int order = message.version().compareTo(held.version());
        if (order > 0 && message.content() != null) {
            takeOver(from, message.version(), message.content());
        } else if (order < 0 && !hasRefused(message)) {
            peers.send(from, all(held.version(), live.now()));
        }
    }

    private boolean hasRefused(ServicesMessage message) {
        return message.refused() != null && message.refused().version().equals(held.version());
    }

    private void takeOver(String from, ServicesVersion version, ServicesMessage.Content content) {
        Standing standing = peers.standing();
        boolean both =
                held.version().origin().equals(node) && held.version().epoch() == version.epoch();
        if (standing.isMaster() && both) {
            LOG.warn(
                    "{} was master too and made {} of {}'s services; those of here hold",
                    version.origin(),
                    version.text(),
                    cluster);
            held = new Held(version.next(standing.epoch(), node), null);
            sendAll(all(held.version(), live.now()));
            return;
        }
        try {
            live.replace(content.read());
            LOG.info(
                    "the services of {} are {} now, instead of {}",
                    cluster,
                    version.text(),
                    held.version().text());
            held = new Held(version, null);
        } catch (ApiException | RuntimeException e) {
            String reason = reason(from, e);
            LOG.error("the services of {} cannot be {}: {}", cluster, version.text(), reason);
            held = new Held(held.version(), new Refusal(version, reason));
        }
        sendAll(have());
    }

    private static String reason(String from, Exception e) {
        return e instanceof NullPointerException || e.getMessage() == null
                ? "what " + from + " sent is not whole"
                : e.getMessage();
    }

    private String have() {
        return ServicesMessage.have(held.version(), digest(live.now()), held.refused()).encode();
    }

    private String all(ServicesVersion version, ServicesContent content) {
        return ServicesMessage.all(version, digest(content), content).encode();
    }

    private String digest(ServicesContent content) {
        Digest last = digest;
        if (last == null || !last.of().equals(content)) {
            last = new Digest(content, ServicesMessage.digest(content));
            digest = last;
        }
        return last.value();
    }

    private void sendAll(String text) {
        peers.present().forEach(peer -> peers.send(peer, text));
    }

    /** What there is here and, as far as they have told, elsewhere. */
    Status.SharedServices status() {
        Held now = held;
        String here = digest(live.now());
        List<Status.PeerServices> elsewhere = new ArrayList<>();
        for (String peer : peers.present().stream().sorted().toList()) {
            ServicesMessage message = told.get(peer);
            if (message != null) {
                elsewhere.add(
                        new Status.PeerServices(
                                peer,
                                message.version().epoch(),
                                message.version().counter(),
                                message.version().origin(),
                                message.digest().equals(here),
                                refused(message.refused())));
            }
        }
        return new Status.SharedServices(
                now.version().epoch(),
                now.version().counter(),
                now.version().origin(),
                refused(now.refused()),
                malformed.get(),
                elsewhere);
    }

    private static String refused(@Nullable Refusal refusal) {
        return refusal == null
                ? ""
                : "cannot have %s: %s".formatted(refusal.version().text(), refusal.reason());
    }
}
