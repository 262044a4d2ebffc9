package dev.tandem.director.control;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.SyncConfig;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.io.MemoryPort;
import dev.tandem.director.testing.FrameChecker;
import dev.tandem.director.testing.Lan;
import dev.tandem.director.testing.PathFixture;
import dev.tandem.director.testing.QueueLink;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.transport.SyncLinkConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A running director between two memory ports; the network is that of {@link PathFixture}. */
final class TestDirector implements AutoCloseable {
    final MemoryPort outside = MemoryPort.open(0, "outside", PathFixture.OUTSIDE_HW, 1500);
    final MemoryPort inside = MemoryPort.open(1, "inside", PathFixture.INSIDE_HW, 1500);
    final Lan lan = new Lan();
    final QueueLink link = new QueueLink();
    final ConcurrentLinkedQueue<Collection<InetAddress>> kept = new ConcurrentLinkedQueue<>();
    final Director director;

    TestDirector() {
        this(Optional.of(sync()));
    }

    /** Of other replication, or none. */
    TestDirector(Optional<SyncConfig> sync) {
        lan.neighbour(PathFixture.CLIENT, PathFixture.CLIENT_HW, PathFixture.OUTSIDE_HW, 0, 1500);
        lan.neighbour(
                PathFixture.NAT_SERVER, PathFixture.NAT_SERVER_HW, PathFixture.INSIDE_HW, 1, 1500);
        lan.neighbour(
                PathFixture.DR_SERVER, PathFixture.DR_SERVER_HW, PathFixture.INSIDE_HW, 1, 1500);
        lan.neighbour(
                PathFixture.DNS_SERVER, PathFixture.DNS_SERVER_HW, PathFixture.INSIDE_HW, 1, 1500);
        try {
            director =
                    new Director(
                            config(sync),
                            new Wiring(
                                    List.of(outside, inside),
                                    lan,
                                    Optional.of(link),
                                    kept::add,
                                    List.of(outside, inside)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        director.start();
    }

    private static DirectorConfig config(Optional<SyncConfig> sync) {
        return new DirectorConfig(
                List.of("outside", "inside"),
                AddressHolder.DIRECTOR,
                List.of(
                        new VirtualAddress(Lan.inet(PathFixture.VIP), "outside"),
                        new VirtualAddress(Lan.inet(PathFixture.GATEWAY), "inside")),
                PathFixture.services(),
                List.of(),
                sync,
                4096,
                0,
                DirectorSettings.DEFAULT);
    }

    /** A kernel's defaults, with a sync id of 7. */
    static SyncConfig sync() {
        return new SyncConfig(
                SyncLinkConfig.of("link", Lan.inet("224.0.0.81"), 8848),
                7,
                1,
                SyncPolicy.KERNEL_DEFAULT,
                5,
                HardeningConfig.OFF);
    }

    void lease(long ms) {
        director.leaseUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms));
    }

    /** IPv4 frames sent so far and not yet taken, each checked; ARP is left out. */
    static List<byte[]> packets(MemoryPort port) {
        List<byte[]> packets = new ArrayList<>();
        for (byte[] frame : port.takeSent()) {
            FrameChecker.check(frame);
            if (frame[10 + 13] == 0) {
                packets.add(frame);
            }
        }
        return packets;
    }

    @Override
    public void close() {
        director.close();
    }
}
