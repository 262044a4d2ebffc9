package dev.tandem.director.control;

import dev.tandem.director.address.AddressGroup;
import dev.tandem.director.address.Ownership;
import dev.tandem.director.app.AppCounters;
import dev.tandem.director.conn.Defence;
import dev.tandem.director.conn.SyncedConnections;
import dev.tandem.director.forward.DropReason;
import dev.tandem.director.forward.PathCounters;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.sched.Schedulers;
import dev.tandem.director.service.RateEstimator;
import dev.tandem.director.service.RealServer;
import dev.tandem.director.service.Services;
import dev.tandem.director.service.TrafficCounters;
import dev.tandem.director.service.VirtualService;
import dev.tandem.sync.SyncCounters;
import dev.tandem.sync.SyncVerdict;
import dev.tandem.sync.hardening.HardenedLink;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the worker's numbers into a {@link DirectorStatus}, from any thread. */
final class StatusReader {
    private StatusReader() {}

    static List<DirectorStatus.AddressStatus> addresses(AddressGroup group, Ownership.State state) {
        boolean owned = state == Ownership.State.OWNING;
        return group.members().stream()
                .map(member ->
                        new DirectorStatus.AddressStatus(
                                member.inetAddress(), member.port().name(), owned))
                .toList();
    }

    static List<DirectorStatus.ServiceStatus> services(Services services) {
        return services.list().stream().map(StatusReader::service).toList();
    }

    private static DirectorStatus.ServiceStatus service(VirtualService service) {
        return new DirectorStatus.ServiceStatus(
                service.id(),
                service.options(),
                traffic(service.traffic()),
                service.servers().stream().map(StatusReader::server).toList());
    }

    private static DirectorStatus.ServerStatus server(RealServer server) {
        return new DirectorStatus.ServerStatus(
                server.config(),
                server.overloaded(),
                server.activeConnections(),
                server.inactiveConnections(),
                server.persistentConnections(),
                traffic(server.traffic()));
    }

    static DirectorStatus.Traffic traffic(TrafficCounters traffic) {
        RateEstimator rates = traffic.rates();
        return new DirectorStatus.Traffic(
                traffic.connections(),
                traffic.inPackets(),
                traffic.outPackets(),
                traffic.inBytes(),
                traffic.outBytes(),
                new DirectorStatus.Rates(
                        rates.connections(),
                        rates.inPackets(),
                        rates.outPackets(),
                        rates.inBytes(),
                        rates.outBytes()));
    }

    static List<DirectorStatus.PortStatus> ports(List<? extends PacketPort> ports) {
        return ports.stream()
                .map(port -> new DirectorStatus.PortStatus(port.name(), port.counters()))
                .toList();
    }

    static DirectorStatus.DefenceStatus defence(Defence defence) {
        return new DirectorStatus.DefenceStatus(
                defence.level(), defence.droppedEntries(), defence.droppedPackets());
    }

    static DirectorStatus.PathStatus path(PathCounters counters) {
        return new DirectorStatus.PathStatus(
                counters.toServer(),
                counters.toClient(),
                counters.icmpTranslated(),
                counters.echoReplies(),
                counters.icmpErrors(),
                counters.resets(),
                counters.answersSuppressed(),
                counters.pending(),
                counters.fragments(),
                counters.reassembled(),
                counters.fragmented(),
                counters.passedOver());
    }

    static Map<String, Long> helpers(AppCounters counters) {
        Map<String, Long> helpers = new LinkedHashMap<>();
        helpers.put("ftpExpected", counters.expected());
        helpers.put("ftpRewritten", counters.rewritten());
        helpers.put("ftpHeld", counters.held());
        helpers.put("ftpAdjusted", counters.adjusted());
        helpers.put("ftpBadChecksums", counters.badChecksums());
        helpers.put("ftpFailed", counters.failed());
        helpers.put("sipFound", counters.sipFound());
        helpers.put("sipByAddress", counters.sipByAddress());
        helpers.put("sipRefused", counters.sipRefused());
        return helpers;
    }

    static Map<String, Long> schedulerFailures() {
        Map<String, Long> failures = new TreeMap<>(Schedulers.failures());
        failures.values().removeIf(count -> count == 0);
        return failures;
    }

    static Map<String, Long> drops(PathCounters counters) {
        Map<String, Long> drops = new TreeMap<>();
        for (DropReason reason : DropReason.values()) {
            putIfOccurred(drops, reason, counters.dropped(reason));
        }
        return drops;
    }

    static Optional<DirectorStatus.SyncStatus> sync(
            @Nullable Replication replication, Ownership.State state) {
        if (replication == null) {
            return Optional.empty();
        }
        Map<String, Long> outcomes = new TreeMap<>();
        for (SyncedConnections.Outcome outcome : SyncedConnections.Outcome.values()) {
            putIfOccurred(outcomes, outcome, replication.receiver().count(outcome));
        }
        SyncCounters decoder = replication.receiver().decoderCounters();
        Map<String, Long> refused = new TreeMap<>();
        for (SyncVerdict verdict : SyncVerdict.values()) {
            if (verdict != SyncVerdict.ACCEPTED) {
                putIfOccurred(refused, verdict, decoder.of(verdict));
            }
        }
        return Optional.of(
                new DirectorStatus.SyncStatus(
                        state == Ownership.State.OWNING,
                        replication.sender().sentRecords(),
                        replication.sender().droppedRecords(),
                        replication.sender().notCarriedRecords(),
                        replication.sender().lagRecords(),
                        decoder.datagrams(),
                        decoder.records(),
                        replication.discardedDatagrams(),
                        decoder.version0(),
                        decoder.unknownOptions(),
                        replication.receiver().connections().implausibleSequences(),
                        replication.receiver().connections().removedByRounds(),
                        outcomes,
                        refused,
                        replication.link().counters(),
                        Optional.ofNullable(replication.hardened()).map(HardenedLink::status),
                        Optional.ofNullable(replication.tables())
                                .map(tables -> tables.status(System.nanoTime()))));
    }

    private static void putIfOccurred(Map<String, Long> counts, Enum<?> what, long count) {
        if (count != 0) {
            counts.put(what.name(), count);
        }
    }
}
