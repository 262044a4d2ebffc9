package dev.tandem.director.control;

import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.conn.DefenceLevel;
import dev.tandem.director.guard.GuardStatus;
import dev.tandem.director.io.PortCounters;
import dev.tandem.sync.hardening.HardeningStatus;
import dev.tandem.sync.transport.SyncLinkCounters;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a director stands: a view for people and for monitoring, each number read at some moment
 * while it was made.
 *
 * @param fault empty, or why the data plane cannot work
 * @param connections entries in the table
 * @param addressConflicts times that somebody else was heard claiming an address of ours
 * @param services those by address in the order of their adding, then those by mark
 * @param total what went through all services since the start, or since it was zeroed
 * @param dropped frames dropped, by {@link dev.tandem.director.forward.DropReason}; only those that
 *     occurred
 * @param defence what is given up for established connections, and how much of it was
 * @param helpers what the helpers for FTP and SIP did, see {@link
 *     dev.tandem.director.app.AppCounters}
 * @param schedulerFailures how often each scheduler of a user's own has failed, in all directors of
 *     the process; only those that did
 * @param guard empty: there is none, by configuration or because nothing is taken
 * @param failedTurns turns of the packet loop that ended by an exception
 * @param sync empty: connections are not replicated
 */
public record DirectorStatus(
        String fault,
        int connections,
        long addressConflicts,
        List<AddressStatus> addresses,
        List<ServiceStatus> services,
        Traffic total,
        List<PortStatus> ports,
        PathStatus path,
        Map<String, Long> dropped,
        DefenceStatus defence,
        Map<String, Long> helpers,
        Map<String, Long> schedulerFailures,
        Optional<GuardStatus> guard,
        long failedTurns,
        Optional<SyncStatus> sync) {

    /** A virtual address, and whether it is answered for at the moment. */
    public record AddressStatus(InetAddress address, String interfaceName, boolean owned) {}

    /** What went through a service, a server, or everything. */
    public record Traffic(
            long connections,
            long inPackets,
            long outPackets,
            long inBytes,
            long outBytes,
            Rates rates) {}

    /** What goes through per second, smoothed; bytes, not bits. */
    public record Rates(
            long connections, long inPackets, long outPackets, long inBytes, long outBytes) {}

    /**
     * A virtual service.
     *
     * @param servers newest first
     */
    public record ServiceStatus(
            ServiceId id, ServiceOptions options, Traffic traffic, List<ServerStatus> servers) {}

    /**
     * A real server.
     *
     * @param overloaded takes no new connections: see its thresholds
     * @param active connections that the state machine counts as active
     * @param inactive all others of its connections
     * @param persistent persistence templates
     */
    public record ServerStatus(
            RealServerConfig config,
            boolean overloaded,
            int active,
            int inactive,
            int persistent,
            Traffic traffic) {}

    /** A port, and what it did. */
    public record PortStatus(String name, PortCounters counters) {}

    /**
     * What became of packets; see {@link dev.tandem.director.forward.PathCounters}.
     *
     * @param pending frames that wait for their next hop's hardware address
     * @param fragments fragments taken in
     * @param reassembled packets put together from them
     * @param fragmented packets that left in fragments
     * @param neighbourMessages messages of IPv6 neighbour discovery, which are heard elsewhere
     */
    public record PathStatus(
            long toServer,
            long toClient,
            long icmpTranslated,
            long echoReplies,
            long icmpErrors,
            long resets,
            long answersSuppressed,
            long pending,
            long fragments,
            long reassembled,
            long fragmented,
            long neighbourMessages) {}

    /**
     * The defences against floods.
     *
     * @param level what is on at the moment
     * @param entriesForgotten connections that drop_entry gave up
     * @param connectionsRefused new connections that drop_packet refused
     */
    public record DefenceStatus(
            DefenceLevel level, long entriesForgotten, long connectionsRefused) {}

    /**
     * Replication of connections.
     *
     * @param master whether this director sends; otherwise it receives and applies
     * @param lagRecords records written and not yet handed to the socket
     * @param receivedDatagrams datagrams that were looked at
     * @param receivedRecords records that were taken from them
     * @param outcomes records by what they led to; only those that occurred
     * @param notCarriedRecords records of a kind that the protocol version cannot say
     * @param discardedDatagrams datagrams that a master heard, and did not look at
     * @param version0Datagrams datagrams among them of the protocol's version 0
     * @param unknownOptions options of records that were passed over, as their sender allows
     * @param implausibleSequences records whose sequence data were not believed
     * @param removedByRounds entries that a round over the master's table showed to be gone there
     * @param refused datagrams and records refused, by reason; only those that occurred
     * @param hardening how signed messages stand; empty when they are not signed
     * @param tables how this table stands to the master's; empty: tables are not compared
     */
    public record SyncStatus(
            boolean master,
            long sentRecords,
            long droppedRecords,
            long notCarriedRecords,
            int lagRecords,
            long receivedDatagrams,
            long receivedRecords,
            long discardedDatagrams,
            long version0Datagrams,
            long unknownOptions,
            long implausibleSequences,
            long removedByRounds,
            Map<String, Long> outcomes,
            Map<String, Long> refused,
            SyncLinkCounters link,
            Optional<HardeningStatus> hardening,
            Optional<TableStatus> tables) {}

    /**
     * Transfer and comparison of whole tables.
     *
     * @param announced entries of this table that peers share
     * @param differingBuckets of 4096, at the last comparison
     * @param joinMs from finding the present master to having its table; 0 before that
     * @param comparisons made by this node with its master
     * @param repairedBuckets taken over because they differed, after the first transfer
     * @param damagedEntries times that an entry of this table turned out to be damaged in memory
     * @param takenRecords taken from masters
     * @param takenBytes of the messages that brought them
     * @param givenRecords given to backups
     * @param givenBytes of the messages that carried them
     * @param digestsGiven to backups that compare
     * @param connections what became of connections, by words
     */
    public record TableStatus(
            Readiness readiness,
            long announced,
            int differingBuckets,
            long joinMs,
            long comparisons,
            long repairedBuckets,
            long damagedEntries,
            long takenRecords,
            long takenBytes,
            long givenRecords,
            long givenBytes,
            long digestsGiven,
            Map<String, Long> connections) {}
}
