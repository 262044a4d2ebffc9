package dev.tandem.director.address;

import dev.tandem.director.io.PacketPort;
import dev.tandem.director.packet.Arp;
import dev.tandem.director.packet.Ethernet;
import dev.tandem.director.packet.Ndp;
import dev.tandem.director.packet.ScratchFrames;
import java.util.List;

/**
 * Makes the frames in which the group speaks, and lines them up on the ports. Worker thread only.
 */
final class Speaker {
    /**
     * Of every advertisement. It is a router's: real servers have an address of the group as their
     * gateway, and some hosts send nothing through a neighbour that says that it is none (RFC 4861
     * section 7.2.5).
     */
    private static final int ADVERTISED = Ndp.ROUTER | Ndp.OVERRIDE;

    private final List<PacketPort> ports;
    private final ScratchFrames scratch;

    /**
     * @param ports all that may hold scratch frames; they are flushed when buffers run short
     */
    Speaker(List<PacketPort> ports, ScratchFrames scratch) {
        this.ports = List.copyOf(ports);
        this.scratch = scratch;
    }

    /**
     * Tells everybody on the link. ARP in the form of a request: Linux takes it at once, even while
     * its entry is younger than locktime.
     */
    void announce(Member member) {
        if (member.ipv6()) {
            advertise(
                    member.port(),
                    ADVERTISED,
                    Ndp.groupHardware(Ndp.ALL_NODES_LOW),
                    Ndp.ALL_NODES_HIGH,
                    Ndp.ALL_NODES_LOW,
                    member.high(),
                    member.low());
        } else {
            arpRequest(member, (int) member.low());
        }
    }

    /** Asks whether anybody has the address, without claiming it. */
    void probe(Member member) {
        if (member.ipv6()) {
            PacketPort port = member.port();
            long frame = claim();
            Ndp.writeProbe(frame, port.hardwareAddress(), member.high(), member.low());
            port.enqueue(frame, Ndp.BARE_FRAME_LENGTH);
        } else {
            arpRequest(member, 0);
        }
    }

    private void arpRequest(Member member, int sender) {
        PacketPort port = member.port();
        long frame = claim();
        Arp.write(
                frame,
                Ethernet.BROADCAST,
                Arp.REQUEST,
                port.hardwareAddress(),
                sender,
                0,
                (int) member.low());
        port.enqueue(frame, Arp.FRAME_LENGTH);
    }

    /** Answers a neighbour's ARP request for an address of ours. */
    void reply(PacketPort port, long toHardware, int toAddress, int ours) {
        long frame = claim();
        Arp.write(
                frame, toHardware, Arp.REPLY, port.hardwareAddress(), ours, toHardware, toAddress);
        port.enqueue(frame, Arp.FRAME_LENGTH);
    }

    /** Answers a neighbour's solicitation for an address of ours. */
    void advertise(PacketPort port, long toHardware, long toHigh, long toLow, long high, long low) {
        advertise(port, ADVERTISED | Ndp.SOLICITED, toHardware, toHigh, toLow, high, low);
    }

    private void advertise(
            PacketPort port,
            int flags,
            long toHardware,
            long toHigh,
            long toLow,
            long high,
            long low) {
        long frame = claim();
        Ndp.writeAdvertisement(
                frame, flags, toHardware, toHigh, toLow, port.hardwareAddress(), high, low);
        port.enqueue(frame, Ndp.FRAME_LENGTH);
    }

    private long claim() {
        long frame = scratch.claim();
        if (frame == ScratchFrames.NONE) {
            flush();
            frame = scratch.claim();
        }
        return frame;
    }

    /** Sends all that is lined up on any port. */
    void flush() {
        for (int i = 0; i < ports.size(); i++) {
            ports.get(i).flush();
        }
        scratch.reset();
    }

    /** Whether it is the hardware address of one of the ports. */
    boolean isOurs(long hardwareAddress) {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).hardwareAddress() == hardwareAddress) {
                return true;
            }
        }
        return false;
    }
}
