package dev.tandem.director.address;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.packet.Arp;
import dev.tandem.director.packet.Ethernet;
import dev.tandem.director.packet.Ndp;
import dev.tandem.director.packet.ScratchFrames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The virtual addresses, which live here and not in the host's stack: answers ARP and IPv6
 * neighbour solicitations for them, announces them when they were taken, notices a second owner,
 * and asks the wire before taking them.
 *
 * <p>Called by the worker thread only. What it answers depends on {@link Ownership} at the moment
 * that is passed in: without a valid lease it sends nothing but probes, which claim nothing.
 */
public final class AddressGroup {
    private static final Logger LOG = LoggerFactory.getLogger(AddressGroup.class);

    private final Member[] members;
    private final AddressSet ipv4;
    private final AddressSet ipv6;

    // what speaks for the director on each port, by the port's index
    private final long[] speakers4;
    private final long[] speakers6High;
    private final long[] speakers6Low;

    private final Ownership ownership;
    private final Speaker speaker;
    private final AnnouncementSchedule schedule = new AnnouncementSchedule();
    private final List<AddressProbe> probes = new ArrayList<>();
    private boolean owning;
    private long conflicts;

    /**
     * @param ports every port of the director, in the order of their indexes; they are flushed when
     *     buffers run short
     */
    public AddressGroup(
            List<Member> members,
            List<PacketPort> ports,
            Ownership ownership,
            ScratchFrames scratch) {
        this.members = members.toArray(Member[]::new);
        this.ownership = ownership;
        this.speaker = new Speaker(ports, scratch);
        this.ipv4 = set(members, false);
        this.ipv6 = set(members, true);
        speakers4 = speakers(ports, false, Member::low);
        speakers6High = speakers(ports, true, Member::high);
        speakers6Low = speakers(ports, true, Member::low);
    }

    /** Half of the first address on each port, 0 where there is none. */
    private long[] speakers(List<PacketPort> ports, boolean ofIpv6, ToLongFunction<Member> half) {
        return ports.stream()
                .mapToLong(port ->
                        Arrays.stream(members)
                                .filter(m -> m.ipv6() == ofIpv6 && m.port().index() == port.index())
                                .findFirst()
                                .map(half::applyAsLong)
                                .orElse(0L))
                .toArray();
    }

    private static AddressSet set(List<Member> members, boolean ipv6) {
        return new AddressSet(
                halves(members, ipv6, Member::high), halves(members, ipv6, Member::low));
    }

    private static long[] halves(List<Member> members, boolean ipv6, ToLongFunction<Member> half) {
        return members.stream().filter(m -> m.ipv6() == ipv6).mapToLong(half).toArray();
    }

    /**
     * Has the ports hear what neighbours ask of the IPv6 addresses. Called once, before the worker
     * starts; whoever does not own the addresses listens too, to find others who do.
     */
    public void listen() throws IOException {
        for (Member member : members) {
            if (member.ipv6()) {
                long group = Ndp.solicitedNodeLow(member.low());
                member.port().joinGroup(Ndp.SOLICITED_NODE_HIGH, group);
                member.port().joinGroup(Ndp.ALL_NODES_HIGH, Ndp.ALL_NODES_LOW);
            }
        }
    }

    public List<Member> members() {
        return List.of(members);
    }

    /** Whether the IPv4 address is one of the group's, owned at the moment or not. */
    public boolean contains(int address) {
        return ipv4.contains(0, Integer.toUnsignedLong(address));
    }

    /** The same for an IPv6 address. */
    public boolean contains(long high, long low) {
        return ipv6.contains(high, low);
    }

    /** The first IPv4 address of the group on that port, or 0: what speaks for the director. */
    public int addressOn(PacketPort port) {
        return (int) speakers4[port.index()];
    }

    /** The high half of what speaks IPv6 for the director on that port; both halves 0: nothing. */
    public long speakerHigh(PacketPort port) {
        return speakers6High[port.index()];
    }

    /** Its low half. */
    public long speakerLow(PacketPort port) {
        return speakers6Low[port.index()];
    }

    /** Times that somebody else was heard claiming one of the addresses while they were ours. */
    public long conflicts() {
        return conflicts;
    }

    /** Takes the addresses and announces them for the first time; the ports are flushed. */
    public void take(long nowNs) {
        ownership.own();
        owning = false;
        doWork(nowNs);
    }

    /** Silent from now on. */
    public void release(long nowNs, long drainNs) {
        ownership.release(nowNs, drainNs);
        doWork(nowNs);
    }

    /**
     * Asks whether anybody claims one of the addresses; completes {@code result} after {@code
     * waitNs} with who did, or an empty string.
     */
    public void probe(long nowNs, long waitNs, CompletableFuture<String> result) {
        probes.add(new AddressProbe(nowNs, waitNs, result));
        doWork(nowNs);
    }

    /** Sends what is due. Returns the number of things done. */
    public int doWork(long nowNs) {
        boolean mayOwn = ownership.at(nowNs) == Ownership.State.OWNING;
        if (mayOwn && !owning) {
            schedule.start(nowNs);
        } else if (!mayOwn && owning) {
            schedule.stop();
        }
        owning = mayOwn;
        int work = 0;
        if (schedule.poll(nowNs)) {
            announce();
            work++;
        }
        for (int i = probes.size() - 1; i >= 0; i--) {
            AddressProbe probe = probes.get(i);
            if (probe.poll(nowNs)) {
                sendProbes();
                work++;
            }
            if (probe.finish(nowNs)) {
                probes.remove(i);
                work++;
            }
        }
        return work;
    }

    /** Nanoseconds until {@link #doWork} has something to do. */
    public long waitNs(long nowNs) {
        long wait = schedule.waitNs(nowNs);
        for (int i = 0; i < probes.size(); i++) {
            wait = Math.min(wait, probes.get(i).waitNs(nowNs));
        }
        return wait;
    }

    /**
     * Handles a frame of ARP or of IPv6 neighbour discovery, whatever its bytes; an answer is
     * enqueued on the port.
     */
    public void onNeighbour(PacketPort port, long frame, int length, long nowNs) {
        if (Arp.isValid(frame, length)) {
            onArp(port, frame, nowNs);
        } else if (Ndp.isValid(frame, length)) {
            onDiscovery(port, frame, nowNs);
        }
    }

    private void onArp(PacketPort port, long frame, long nowNs) {
        long arp = frame + Ethernet.HEADER_LENGTH;
        long senderHardware = Ethernet.getAddress(arp + Arp.SENDER_HARDWARE_OFFSET);
        if (Ethernet.isGroup(senderHardware) || speaker.isOurs(senderHardware)) {
            return;
        }
        int sender = Memory.getIntBe(arp + Arp.SENDER_ADDRESS_OFFSET);
        int target = Memory.getIntBe(arp + Arp.TARGET_ADDRESS_OFFSET);
        boolean request = Memory.getShortBe(arp + Arp.OPERATION_OFFSET) == Arp.REQUEST;
        if (contains(sender)) {
            onClaim(port, senderHardware, false, 0, Integer.toUnsignedLong(sender), nowNs);
        } else if (request && contains(target)) {
            long targetLow = Integer.toUnsignedLong(target);
            if (sender == 0) {
                observe(port, senderHardware, false, 0, targetLow, true);
            }
            if (owns(nowNs) && member(false, 0, targetLow, port) != null) {
                speaker.reply(port, senderHardware, sender, target);
            }
        }
    }

    /**
     * Who advertises one of the addresses, or asks from it, claims it. Link-local addresses are
     * another's by right on another link, so what counts is the port.
     */
    private void onDiscovery(PacketPort port, long frame, long nowNs) {
        long sender = Ethernet.getAddress(frame + Ethernet.SOURCE_OFFSET);
        long told = Ndp.hardwareAddress(frame);
        long hardware = told == Ndp.NONE ? sender : told;
        if (Ethernet.isGroup(hardware) || speaker.isOurs(sender) || speaker.isOurs(hardware)) {
            return;
        }
        long targetHigh = Ndp.targetHigh(frame);
        long targetLow = Ndp.targetLow(frame);
        Member target = member(true, targetHigh, targetLow, port);
        if (!Ndp.isSolicitation(frame)) {
            if (target != null) {
                onClaim(port, hardware, true, targetHigh, targetLow, nowNs);
            }
            return;
        }
        long high = Ndp.sourceHigh(frame);
        long low = Ndp.sourceLow(frame);
        if (member(true, high, low, port) != null) {
            onClaim(port, hardware, true, high, low, nowNs);
        } else if (target != null) {
            boolean fromNobody = (high | low) == 0;
            if (fromNobody) {
                observe(port, hardware, true, targetHigh, targetLow, true);
            }
            if (owns(nowNs) && fromNobody) {
                speaker.announce(target);
            } else if (owns(nowNs)) {
                speaker.advertise(port, hardware, high, low, targetHigh, targetLow);
            }
        }
    }

    private boolean owns(long nowNs) {
        return ownership.at(nowNs) == Ownership.State.OWNING;
    }

    private void onClaim(
            PacketPort port, long claimant, boolean ofIpv6, long high, long low, long nowNs) {
        observe(port, claimant, ofIpv6, high, low, false);
        if (!owns(nowNs)) {
            return;
        }
        conflicts++;
        schedule.onConflict(nowNs);
        if (schedule.waitNs(nowNs) == 0) {
            LOG.warn(
                    "{} is also claimed by {} on {}",
                    new Member(ofIpv6, high, low, port).text(),
                    Addresses.formatHardware(claimant),
                    port.name());
        }
    }

    private void observe(
            PacketPort port,
            long claimant,
            boolean ofIpv6,
            long high,
            long low,
            boolean probesToo) {
        for (int i = 0; i < probes.size(); i++) {
            probes.get(i).observe(new Member(ofIpv6, high, low, port), claimant, probesToo);
        }
    }

    private void announce() {
        for (int i = 0; i < members.length; i++) {
            speaker.announce(members[i]);
        }
        speaker.flush();
    }

    private void sendProbes() {
        for (int i = 0; i < members.length; i++) {
            speaker.probe(members[i]);
        }
        speaker.flush();
    }

    private @Nullable Member member(boolean ofIpv6, long high, long low, PacketPort port) {
        for (int i = 0; i < members.length; i++) {
            if (members[i].is(ofIpv6, high, low, port)) {
                return members[i];
            }
        }
        return null;
    }
}
