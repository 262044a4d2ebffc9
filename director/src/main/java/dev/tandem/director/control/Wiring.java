package dev.tandem.director.control;

import dev.tandem.director.address.Member;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.SyncConfig;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.io.AfPacketPort;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.route.HostNetwork;
import dev.tandem.director.route.NextHops;
import dev.tandem.sync.capture.PassiveLink;
import dev.tandem.sync.table.TableConfig;
import dev.tandem.sync.table.TableExchange;
import dev.tandem.sync.table.TableNode;
import dev.tandem.sync.transport.DatagramLink;
import dev.tandem.sync.transport.SyncLink;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a director is plugged into: the real host, or whatever a test puts in its place. The
 * director closes {@code resources} when it is closed, in their order.
 *
 * @param ports in the order of their indexes
 * @param sync empty: connections are not replicated
 * @param tables empty: nobody's table is compared with anybody's
 * @param keepResolved told which destinations must have a resolved next hop at all times
 */
public record Wiring(
        List<PacketPort> ports,
        NextHops nextHops,
        Optional<SyncLink> sync,
        Optional<TableExchange> tables,
        Consumer<Collection<InetAddress>> keepResolved,
        List<AutoCloseable> resources) {
    /** Without transfer of tables. */
    public Wiring(
            List<PacketPort> ports,
            NextHops nextHops,
            Optional<SyncLink> sync,
            Consumer<Collection<InetAddress>> keepResolved,
            List<AutoCloseable> resources) {
        this(ports, nextHops, sync, Optional.empty(), keepResolved, resources);
    }

    public Wiring {
        ports = List.copyOf(ports);
        resources = List.copyOf(resources);
    }

    /**
     * Addresses with the ports of their interfaces.
     *
     * @throws IllegalArgumentException for one on an interface that is no port
     */
    List<Member> members(List<VirtualAddress> addresses) {
        return addresses.stream()
                .map(each -> member(each.address(), each.interfaceName()))
                .toList();
    }

    /**
     * An address with the port of its interface.
     *
     * @throws IllegalArgumentException for one on an interface that is no port
     */
    Member member(InetAddress address, String interfaceName) {
        return port(interfaceName)
                .map(port -> Member.of(address, port))
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                address.getHostAddress()
                                        + " is on "
                                        + interfaceName
                                        + ", which is none of the director's interfaces"));
    }

    /** The index of an interface's port; negative when it is none of the director's. */
    int portIndex(String interfaceName) {
        return port(interfaceName).map(PacketPort::index).orElse(-1);
    }

    private Optional<PacketPort> port(String interfaceName) {
        return ports.stream().filter(port -> port.name().equals(interfaceName)).findFirst();
    }

    /** The interfaces, routes and sockets of a host that was found fit. */
    public static Wiring toHost(DirectorConfig config, HostNetwork network) throws IOException {
        List<AutoCloseable> resources = new ArrayList<>();
        try {
            List<PacketPort> ports = new ArrayList<>();
            for (String name : config.interfaces()) {
                PacketPort port = AfPacketPort.open(name, ports.size());
                resources.add(port);
                ports.add(port);
            }
            Optional<SyncLink> sync = Optional.empty();
            Optional<TableExchange> tables = Optional.empty();
            if (config.sync().isPresent()) {
                SyncConfig replication = config.sync().get();
                sync = Optional.of(DatagramLink.open(replication.link()));
                resources.addFirst(sync.get());
                tables = replication.tables().map(it -> tables(it, replication));
                tables.ifPresent(resources::addFirst);
            }
            NextHops nextHops = network.nextHops(ports);
            resources.add(network);
            return new Wiring(ports, nextHops, sync, tables, network::keepResolved, resources);
        } catch (IOException | RuntimeException e) {
            closeAll(resources, e);
            throw e;
        }
    }

    private static TableExchange tables(TableConfig tables, SyncConfig sync) {
        return new TableNode(
                tables,
                sync.syncId(),
                sync.hardening(),
                () -> tables.bind().isPresent() ? tables.bind().get() : sync.link().localAddress());
    }

    /** Nothing but an ear on the wire that carries the sync messages of others. */
    static Wiring toWire(DirectorConfig config) throws IOException {
        SyncLink ear = PassiveLink.open(config.sync().orElseThrow().link());
        return new Wiring(List.of(), new NoHops(), Optional.of(ear), _ -> {}, List.of(ear));
    }

    /** No port, no link. */
    static Wiring toNothing() {
        return new Wiring(List.of(), new NoHops(), Optional.empty(), _ -> {}, List.of());
    }

    /** Where nothing is ever sent, no destination has a next hop. */
    private static final class NoHops implements NextHops {
        @Override
        public long lookup(int destinationAddress) {
            return NO_ROUTE;
        }

        @Override
        public long lookup(long destinationHigh, long destinationLow) {
            return NO_ROUTE;
        }

        @Override
        public long route(int destinationAddress) {
            return NO_ROUTE;
        }

        @Override
        public long route(long destinationHigh, long destinationLow) {
            return NO_ROUTE;
        }

        @Override
        public long generation() {
            return 0;
        }
    }

    /** Closes what it can; what fails is noted in {@code cause}. */
    static void closeAll(List<AutoCloseable> resources, Exception cause) {
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception e) {
                cause.addSuppressed(e);
            }
        }
    }
}
