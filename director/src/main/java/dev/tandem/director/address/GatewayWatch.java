package dev.tandem.director.address;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.packet.Arp;
import dev.tandem.director.packet.Ethernet;
import dev.tandem.director.packet.Ndp;
import dev.tandem.director.packet.ScratchFrames;
import org.jspecify.annotations.Nullable;

/**
 * Asks a neighbour again and again whether it is there, by ARP or an IPv6 neighbour solicitation,
 * in the name of the host's own address on the port; it claims nothing, and goes on whoever owns
 * the virtual addresses. While the neighbour answers, it alone is asked; else everybody on the link
 * is, who may have taken its address over.
 *
 * <p>Only what answers a question counts: an announcement would come even where nothing of ours
 * arrives. Called by the worker thread, {@link #answeredNs} by any.
 */
public final class GatewayWatch {
    private static final int KNOWN_INTERVALS = 2;
    private static final long NOBODY = -1;

    private final Member gateway;
    private final Member own;
    private final PacketPort port;
    private final long intervalNs;
    private final ScratchFrames scratch;
    private long hardware = NOBODY;
    private long askedNs;
    private long dueNs;
    private volatile boolean answered;
    private volatile long answeredNs;

    /**
     * @param own the host's address in the gateway's network, on the same port
     * @param scratch its own, of one frame
     */
    public GatewayWatch(
            Member gateway, Member own, long intervalNs, ScratchFrames scratch, long nowNs) {
        this.gateway = gateway;
        this.own = own;
        this.port = gateway.port();
        this.intervalNs = intervalNs;
        this.scratch = scratch;
        this.dueNs = nowNs;
    }

    /**
     * When the question was asked that it answered last, by {@link System#nanoTime()}; null: none
     * yet. An answer that lay unread while this process was stopped is as old as it was.
     */
    public @Nullable Long answeredNs() {
        return answered ? Long.valueOf(answeredNs) : null;
    }

    /** Asks if it is time to. Returns the number of things done. */
    public int doWork(long nowNs) {
        if (nowNs - dueNs < 0) {
            return 0;
        }
        // From now: what was missed is not made up for.
        dueNs = nowNs + intervalNs;
        if (nowNs - answeredNs > KNOWN_INTERVALS * intervalNs) {
            hardware = NOBODY;
        }
        askedNs = nowNs;
        ask();
        return 1;
    }

    private void ask() {
        long frame = scratch.claim();
        if (gateway.ipv6()) {
            Ndp.writeSolicitation(
                    frame,
                    hardware == NOBODY ? Ndp.NONE : hardware,
                    port.hardwareAddress(),
                    own.high(),
                    own.low(),
                    gateway.high(),
                    gateway.low());
            port.enqueue(frame, Ndp.FRAME_LENGTH);
        } else {
            Arp.write(
                    frame,
                    hardware == NOBODY ? Ethernet.BROADCAST : hardware,
                    Arp.REQUEST,
                    port.hardwareAddress(),
                    (int) own.low(),
                    0,
                    (int) gateway.low());
            port.enqueue(frame, Arp.FRAME_LENGTH);
        }
        port.flush();
        scratch.reset();
    }

    /** Nanoseconds until {@link #doWork} has something to do. */
    public long waitNs(long nowNs) {
        return Math.max(0, dueNs - nowNs);
    }

    /** Looks at a frame of ARP or neighbour discovery, whatever its bytes. */
    public void onNeighbour(PacketPort on, long frame, int length) {
        if (on.index() != port.index()) {
            return;
        }
        long answering = gateway.ipv6() ? advertised(frame, length) : replied(frame, length);
        if (answering != NOBODY) {
            hardware = answering;
            answeredNs = askedNs;
            answered = true;
        }
    }

    private long replied(long frame, int length) {
        long arp = frame + Ethernet.HEADER_LENGTH;
        boolean answer =
                Arp.isValid(frame, length)
                        && Memory.getShortBe(arp + Arp.OPERATION_OFFSET) == Arp.REPLY
                        && Memory.getIntBe(arp + Arp.SENDER_ADDRESS_OFFSET) == (int) gateway.low()
                        && Ethernet.getAddress(arp + Arp.TARGET_HARDWARE_OFFSET)
                                == port.hardwareAddress();
        return answer ? unicast(Ethernet.getAddress(arp + Arp.SENDER_HARDWARE_OFFSET)) : NOBODY;
    }

    private long advertised(long frame, int length) {
        boolean answer =
                Ndp.isValid(frame, length)
                        && !Ndp.isSolicitation(frame)
                        && Ndp.isSolicited(frame)
                        && Ndp.targetHigh(frame) == gateway.high()
                        && Ndp.targetLow(frame) == gateway.low()
                        && Ethernet.getAddress(frame + Ethernet.DESTINATION_OFFSET)
                                == port.hardwareAddress();
        if (!answer) {
            return NOBODY;
        }
        long told = Ndp.hardwareAddress(frame);
        return unicast(
                told == Ndp.NONE ? Ethernet.getAddress(frame + Ethernet.SOURCE_OFFSET) : told);
    }

    /** Nobody where the address is a group's, or this port's own. */
    private long unicast(long answering) {
        return Ethernet.isGroup(answering) || answering == port.hardwareAddress()
                ? NOBODY
                : answering;
    }
}
