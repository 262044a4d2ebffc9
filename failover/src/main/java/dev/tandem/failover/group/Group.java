package dev.tandem.failover.group;

import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.failover.group.GroupCodec.Envelope;
import dev.tandem.sync.hardening.SyncKey;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Event;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.TP;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.stack.IpAddress;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The group of nodes: who is in it, and messages from one to another. Membership only: the
 * coordinator is not the owner of the addresses, and a view's number is no epoch.
 *
 * <p>All of it runs on one thread of its own, joining included, so that neither JGroups' threads
 * nor the failover thread ever wait. A node is known by the name it gives itself in a message, not
 * by its address in the group: one that restarts quickly is in a view twice for a while.
 */
public final class Group implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Group.class);
    private static final long RETRY_MS = 1_000;
    private static final long CLOSE_MS = 2_000;

    private final FailoverConfig config;
    private final GroupListener listener;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("group").daemon(true).factory());
    private final AtomicLong malformed = new AtomicLong();
    private final AtomicLong strangers = new AtomicLong();

    private volatile Set<String> present = Set.of();
    private volatile @Nullable GroupSeal seal;

    // confined to the thread
    private List<SyncKey> keys;
    private @Nullable JChannel channel;
    private final Map<Address, String> names = new HashMap<>();
    private final Map<Address, String> early = new HashMap<>();
    private List<Address> members = List.of();

    /** Names of the strangers that were told of; the group's members are few. */
    private final Set<String> complaints = new HashSet<>();

    public Group(FailoverConfig config, GroupListener listener) {
        this.config = config;
        this.listener = listener;
        this.keys = config.keys();
    }

    /** From now on these; none where there were none. From any thread. */
    public void keys(List<SyncKey> fresh) {
        run(() -> {
            keys = fresh;
            GroupSeal lowest = seal;
            if (lowest != null) {
                lowest.keys(fresh);
            }
        });
    }

    /** Joins in the background; tries again until it succeeds or the group is closed. */
    public void join() {
        run(this::connect);
    }

    private void connect() {
        try (InputStream stack = GroupStack.of(config)) {
            JChannel joining = new JChannel(stack);
            channel = joining;
            if (!keys.isEmpty()) {
                GroupSeal lowest = new GroupSeal(keys);
                lowest.setProtocolStack(joining.getProtocolStack());
                joining.getProtocolStack()
                        .insertProtocol(lowest, ProtocolStack.Position.ABOVE, TP.class);
                seal = lowest;
            }
            joining.setName(config.node());
            joining.setDiscardOwnMessages(true);
            joining.setReceiver(new Inbox());
            joining.connect(config.cluster());
        } catch (Exception e) {
            LOG.warn("joining the group failed, trying again: {}", e.toString());
            closeChannel();
            var _ = thread.schedule(this::connect, RETRY_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void closeChannel() {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    /** Sends, or tells the listener that it cannot. */
    public void send(String to, GroupMessage message) {
        run(() -> {
            Address address = addressOf(to);
            if (address == null || !trySend(address, message)) {
                listener.undelivered(to, message);
            }
        });
    }

    /** The other nodes in the group, as far as they have named themselves; from any thread. */
    public Set<String> present() {
        return present;
    }

    /** Messages that were none. */
    public long malformedCount() {
        return malformed.get();
    }

    /** Messages that no key proves, and messages of members that are none of the peers. */
    public long refusedCount() {
        GroupSeal lowest = seal;
        return strangers.get() + (lowest == null ? 0 : lowest.refusedCount());
    }

    /** A process of the node is proven dead: the group need not find that out by itself. */
    public void died(String node) {
        run(() -> {
            List<Address> dead =
                    members.stream().filter(member -> node.equals(names.get(member))).toList();
            if (channel != null && !dead.isEmpty()) {
                Protocol verifier = channel.getProtocolStack().findProtocol(VERIFY_SUSPECT2.class);
                verifier.up(new Event(Event.SUSPECT, dead));
            }
        });
    }

    private @Nullable Address addressOf(String node) {
        Address newest = null;
        for (Address member : members) {
            if (node.equals(names.get(member))) {
                // Later in a view is later joined: of two processes of a node the living one.
                newest = member;
            }
        }
        return newest;
    }

    private boolean trySend(Address to, GroupMessage message) {
        JChannel open = channel;
        if (open == null) {
            return false;
        }
        Message sending = new BytesMessage(to, GroupCodec.encode(config.node(), message));
        if (!(message instanceof GroupMessage.Document)) {
            // A command overtakes whatever documents are under way.
            sending.setFlag(Message.Flag.OOB, Message.Flag.DONT_BUNDLE);
        }
        try {
            open.send(sending);
            return true;
        } catch (Exception e) {
            LOG.warn("sending to {} failed: {}", to, e.toString());
            return false;
        }
    }

    private void accept(View view) {
        members = view.getMembers();
        names.putAll(early);
        early.clear();
        names.keySet().retainAll(members);
        for (Address member : members) {
            boolean self = channel == null || member.equals(channel.getAddress());
            if (!self) { // also one greeted before: it may have lost this node, and its name
                trySend(member, new GroupMessage.Hello());
            }
        }
        comparePresent();
    }

    private void accept(Address source, Envelope envelope) {
        if (!isPeer(source, envelope.from())) {
            strangers.incrementAndGet();
            if (complaints.add(envelope.from())) {
                LOG.warn(
                        "a member of the group calls itself {}: no peer has this name and the"
                                + " address {}",
                        envelope.from(),
                        whereabouts(source));
            }
            return;
        }
        if (members.contains(source)) {
            names.put(source, envelope.from());
            comparePresent();
        } else {
            // Its view is on the way to us: remembered until then.
            early.put(source, envelope.from());
        }
        if (!(envelope.message() instanceof GroupMessage.Hello)) {
            listener.received(envelope.from(), envelope.message());
        }
    }

    /** Two nodes may have been given one name: it is its address that a peer is known by. */
    private boolean isPeer(Address source, String node) {
        PhysicalAddress home = whereabouts(source);
        return config.peers().stream()
                .anyMatch(peer ->
                        peer.node().equals(node)
                                && (!(home instanceof IpAddress ip)
                                        || ip.getIpAddress().equals(peer.address())));
    }

    private @Nullable PhysicalAddress whereabouts(Address member) {
        return channel == null
                ? null
                : (PhysicalAddress) channel.down(new Event(Event.GET_PHYSICAL_ADDRESS, member));
    }

    private void comparePresent() {
        Set<String> now = Set.copyOf(names.values());
        Set<String> before = present;
        present = now;
        for (String node : now) {
            if (!before.contains(node)) {
                LOG.info("{} is in the group", node);
                listener.joined(node);
            }
        }
        for (String node : before) {
            if (!now.contains(node)) {
                LOG.info("{} has left the group", node);
            }
        }
    }

    private void run(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException _) {
            // Closed: there is no group any more to do it in.
        }
    }

    /** Leaves the group; waits a moment for what was sent before. */
    @Override
    public void close() {
        Future<?> closing = thread.submit(this::closeChannel);
        thread.shutdown();
        try {
            closing.get(CLOSE_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("leaving the group: {}", e.toString());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        thread.shutdownNow();
    }

    /** From JGroups' threads to ours. */
    private final class Inbox implements Receiver {
        @Override
        public void viewAccepted(View view) {
            run(() -> accept(view));
        }

        @Override
        public void receive(Message message) {
            Envelope envelope =
                    GroupCodec.decode(message.getArray(), message.getOffset(), message.getLength());
            if (envelope == null) {
                malformed.incrementAndGet();
                return;
            }
            Address source = message.getSrc();
            run(() -> accept(source, envelope));
        }
    }
}
