package dev.tandem.director.address;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.packet.Arp;
import dev.tandem.director.packet.Ethernet;
import dev.tandem.director.packet.ScratchFrames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The virtual addresses, which live here and not in the host's stack: answers ARP for them,
 * announces them when they were taken, notices a second owner, and asks the wire before taking
 * them.
 *
 * <p>Called by the worker thread only. What it answers depends on {@link Ownership} at the moment
 * that is passed in: without a valid lease it sends nothing but probes, which claim nothing.
 */
public final class AddressGroup {
    /** An address and the port on which it is answered for. */
    public record Member(int address, PacketPort port) {}

    private static final Logger LOG = LoggerFactory.getLogger(AddressGroup.class);

    private final Member[] members;
    private final List<PacketPort> ports;
    private final int[] sortedAddresses;
    private final Ownership ownership;
    private final ScratchFrames scratch;
    private final AnnouncementSchedule schedule = new AnnouncementSchedule();
    private final List<AddressProbe> probes = new ArrayList<>();
    private boolean owning;
    private long conflicts;

    /**
     * @param ports every port of the director; they are flushed when buffers run short
     */
    public AddressGroup(
            List<Member> members,
            List<PacketPort> ports,
            Ownership ownership,
            ScratchFrames scratch) {
        this.members = members.toArray(Member[]::new);
        this.ports = List.copyOf(ports);
        this.ownership = ownership;
        this.scratch = scratch;
        this.sortedAddresses = members.stream().mapToInt(Member::address).sorted().toArray();
    }

    public List<Member> members() {
        return List.of(members);
    }

    /** Whether the address is one of the group's, owned at the moment or not. */
    public boolean contains(int address) {
        return Arrays.binarySearch(sortedAddresses, address) >= 0;
    }

    /** The first address of the group on that port, or 0: what speaks for the director there. */
    public int addressOn(PacketPort port) {
        for (int i = 0; i < members.length; i++) {
            if (members[i].port().index() == port.index()) {
                return members[i].address();
            }
        }
        return 0;
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

    /** Handles a received ARP frame; an answer is enqueued on the port. */
    public void onArp(PacketPort port, long frame, int length, long nowNs) {
        if (!Arp.isValid(frame, length)) {
            return;
        }
        long arp = frame + Ethernet.HEADER_LENGTH;
        long senderHardware = Ethernet.getAddress(arp + Arp.SENDER_HARDWARE_OFFSET);
        if (Ethernet.isGroup(senderHardware) || isOurs(senderHardware)) {
            return;
        }
        int sender = Memory.getIntBe(arp + Arp.SENDER_ADDRESS_OFFSET);
        int target = Memory.getIntBe(arp + Arp.TARGET_ADDRESS_OFFSET);
        boolean request = Memory.getShortBe(arp + Arp.OPERATION_OFFSET) == Arp.REQUEST;
        if (contains(sender)) {
            observe(port, arp, sender, false);
            if (ownership.at(nowNs) == Ownership.State.OWNING) {
                onConflict(port, senderHardware, sender, nowNs);
            }
        } else if (request && contains(target)) {
            if (sender == 0) {
                observe(port, arp, target, true);
            }
            if (ownership.at(nowNs) == Ownership.State.OWNING && isOn(target, port)) {
                reply(port, senderHardware, sender, target);
            }
        }
    }

    private void onConflict(PacketPort port, long claimant, int address, long nowNs) {
        conflicts++;
        schedule.onConflict(nowNs);
        if (schedule.waitNs(nowNs) == 0) {
            LOG.warn(
                    "{} is also claimed by {} on {}",
                    Addresses.format(address),
                    Addresses.formatHardware(claimant),
                    port.name());
        }
    }

    private void observe(PacketPort port, long arp, int claimed, boolean probesToo) {
        for (int i = 0; i < probes.size(); i++) {
            probes.get(i).observe(port.name(), arp, claimed, probesToo);
        }
    }

    private void reply(PacketPort port, long hardware, int address, int ours) {
        long frame = claim();
        Arp.write(frame, hardware, Arp.REPLY, port.hardwareAddress(), ours, hardware, address);
        port.enqueue(frame, Arp.FRAME_LENGTH);
    }

    /** The request form: Linux takes it at once, even while its entry is younger than locktime. */
    private void announce() {
        for (int i = 0; i < members.length; i++) {
            Member member = members[i];
            sendRequest(member.port(), member.address(), member.address());
        }
        flush();
    }

    private void sendProbes() {
        for (int i = 0; i < members.length; i++) {
            sendRequest(members[i].port(), 0, members[i].address());
        }
        flush();
    }

    private void sendRequest(PacketPort port, int sender, int target) {
        long frame = claim();
        Arp.write(
                frame, Ethernet.BROADCAST, Arp.REQUEST, port.hardwareAddress(), sender, 0, target);
        port.enqueue(frame, Arp.FRAME_LENGTH);
    }

    private long claim() {
        long frame = scratch.claim();
        if (frame == ScratchFrames.NONE) {
            flush();
            frame = scratch.claim();
        }
        return frame;
    }

    private void flush() {
        for (int i = 0; i < ports.size(); i++) {
            ports.get(i).flush();
        }
        scratch.reset();
    }

    private boolean isOurs(long hardwareAddress) {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).hardwareAddress() == hardwareAddress) {
                return true;
            }
        }
        return false;
    }

    private boolean isOn(int address, PacketPort port) {
        for (int i = 0; i < members.length; i++) {
            if (members[i].address() == address && members[i].port().index() == port.index()) {
                return true;
            }
        }
        return false;
    }
}
