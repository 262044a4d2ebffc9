package dev.tandem.tools.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answer to {@code GET /v1/status}.
 *
 * @param role pair, manual or shadow: who decides whether this node owns the addresses
 * @param state MASTER, BACKUP, INIT, CANDIDATE, HANDOVER, FENCED, FAULT or STOPPED; a shadow is
 *     always SHADOW
 * @param epoch grows with every change of master
 * @param master the master's name; empty when none is known
 * @param reason why it is in this state
 * @param whyNotMaster empty for a master
 * @param uptimeMs since the daemon's start
 * @param fault empty, or why the data plane cannot work
 * @param connections entries in the table
 * @param connectionLimit entries the table can hold
 * @param priority the configured one and what the tracked things add; 0 where there are no peers
 * @param tracked interfaces, processes and scripts that the node keeps an eye on
 * @param sharedServices null when each node has services of its own
 * @param sync null when connections are not replicated
 * @param packets what became of packets since the start
 * @param dropped packets dropped since the start, by reason; reasons that never occurred are left
 *     out
 * @param defence what is done against floods
 * @param helpers what the helpers for FTP and SIP did since the start
 * @param schedulerFailures how often each scheduler of a user's own has failed in this process;
 *     those that never did are left out
 * @param guard null when there is none: a shadow, or host-guard off
 * @param heartbeat what the failover's heartbeat counted
 * @param group null for a node without peers
 * @param notified what telling the operator's programs came to; empty where there are none
 */
public record Status(
        String node,
        String cluster,
        String role,
        String state,
        long epoch,
        String master,
        String reason,
        String whyNotMaster,
        long uptimeMs,
        String fault,
        int connections,
        int connectionLimit,
        List<Address> addresses,
        int priority,
        List<Tracked> tracked,
        List<Peer> peers,
        List<Service> services,
        @Nullable SharedServices sharedServices,
        @Nullable Sync sync,
        List<Port> ports,
        Map<String, Long> packets,
        Map<String, Long> dropped,
        Defence defence,
        Map<String, Long> helpers,
        Map<String, Long> schedulerFailures,
        @Nullable Guard guard,
        Map<String, Long> heartbeat,
        @Nullable Group group,
        Map<String, Long> notified) {

    /**
     * How the nodes know each other.
     *
     * @param keys ids of the keys by which they prove themselves, the one that signs first; empty:
     *     whoever can send to the ports is believed
     * @param refused whose heartbeats are not believed at present and why, a sentence each
     * @param gateway null where no gateway decides
     */
    public record Group(List<Integer> keys, List<String> refused, @Nullable Gateway gateway) {}

    /**
     * The gateway that decides who may own the addresses.
     *
     * @param answers whether it answers this node
     * @param answeredMsAgo age of the newest question that it answered, -1 when it never did
     */
    public record Gateway(String address, boolean answers, long answeredMsAgo) {}

    /**
     * The defences against floods.
     *
     * @param memoryLow whether few cells of the connection table are free
     * @param dropRate drop_packet refuses one of so many new connections; 0: none
     * @param entriesForgotten connections that drop_entry gave up since the start
     * @param connectionsRefused new connections that drop_packet refused since the start
     */
    public record Defence(
            boolean memoryLow,
            Strategy dropEntry,
            Strategy dropPacket,
            Strategy secureTcp,
            int dropRate,
            long entriesForgotten,
            long connectionsRefused) {}

    /**
     * One of a kernel's strategies.
     *
     * @param set 0 to 3, as it was set
     * @param mode what it has come to, 0 to 3, as a kernel shows it
     * @param active whether it does something at the moment: the modes 2 and 3
     */
    public record Strategy(int set, int mode, boolean active) {}

    /**
     * Hides from the host's stack what the director takes.
     *
     * @param on whether it hides something now
     * @param status what it hides or why nothing, in words
     * @param addresses hidden as a whole
     * @param services of addresses that the host holds
     * @param servers ports from which NAT servers answer
     * @param failures how often nothing could be hidden, since the start
     */
    public record Guard(
            boolean on, String status, int addresses, int services, int servers, long failures) {}

    /**
     * A virtual address.
     *
     * @param owned whether this node answers for it
     */
    public record Address(
            String address, @JsonProperty("interface") String interfaceName, boolean owned) {}

    /**
     * Something that changes the priority or is a fault.
     *
     * @param state UNKNOWN (not checked yet), GOOD or FAILED
     * @param weight 0: while it fails the node is FAULT
     * @param adds to the priority at present
     * @param reason why it fails; empty when it does not
     * @param sinceMs for so long it has stood so
     * @param failures results that were bad, since the start
     */
    public record Tracked(
            String name,
            String state,
            int weight,
            int adds,
            String reason,
            long sinceMs,
            long failures) {}

    /**
     * Another node, as it was last heard.
     *
     * @param state a state's name, or UNKNOWN when it was never heard
     * @param alive whether it was heard within the detection time
     * @param syncLag records it had marked for sending and not yet sent
     * @param votesFor for whom it says that it votes; empty: for nobody
     * @param voteEpoch of its last vote
     * @param seesGateway whether it says that the gateway that decides answers it
     * @param lastHeardMs age of its last heartbeat, -1 when it was never heard
     */
    public record Peer(
            String node,
            String state,
            boolean alive,
            long epoch,
            int priority,
            int connections,
            int syncLag,
            String votesFor,
            long voteEpoch,
            boolean seesGateway,
            long lastHeardMs) {}

    /** What goes through per second, smoothed over some ten seconds; bytes, not bits. */
    public record Rates(
            long connections, long inPackets, long outPackets, long inBytes, long outBytes) {}

    /**
     * A virtual service; connections, packets and bytes are counted since the start, or since they
     * were zeroed.
     *
     * @param protocol tcp, udp, sctp, or mark and mark6 for a service by firewall mark
     * @param address or the mark
     * @param port 0: every port that has no service of its own
     * @param persistence seconds that a client stays with its server; 0 when it need not
     * @param engine name of the persistence engine, or empty
     */
    public record Service(
            String protocol,
            String address,
            int port,
            String scheduler,
            List<String> schedulerFlags,
            int persistence,
            String engine,
            boolean onePacket,
            long connections,
            long inPackets,
            long outPackets,
            long inBytes,
            long outBytes,
            Rates rates,
            List<Server> servers) {}

    /**
     * A real server.
     *
     * @param active connections at present in a state that carries data or is about to, as the
     *     kernel counts them
     * @param inactive all other connections at present
     * @param persistent persistence templates at present
     * @param upperThreshold connections at which it takes no new ones; 0: no limit
     * @param lowerThreshold connections below which it takes them again; 0: by the upper one
     * @param overloaded whether it takes none at present because of its thresholds
     * @param connections scheduled to it since the start
     */
    public record Server(
            String address,
            int port,
            String forwarding,
            int weight,
            int active,
            int inactive,
            int persistent,
            int upperThreshold,
            int lowerThreshold,
            boolean overloaded,
            long connections,
            long inPackets,
            long outPackets,
            long inBytes,
            long outBytes,
            Rates rates) {}

    /**
     * Where the services come from, when those changed on the master become those of all nodes.
     *
     * @param epoch of the master that made this version; 0: the services are those of the node's
     *     own file
     * @param counter the second number of the version
     * @param origin name of that master; empty for the own file
     * @param refused empty, or which newer version this node could not take over, and why
     * @param malformed messages of peers that were none
     * @param peers what those in the group have told
     */
    public record SharedServices(
            long epoch,
            long counter,
            String origin,
            String refused,
            long malformed,
            List<PeerServices> peers) {}

    /**
     * What another node has.
     *
     * @param same whether its services and settings are exactly those of this node
     */
    public record PeerServices(
            String node, long epoch, long counter, String origin, boolean same, String refused) {}

    /**
     * The replication of connections.
     *
     * @param lag records marked for sending and not yet sent
     * @param sending whether this node sends; otherwise it receives
     * @param counters of datagrams and records since the start
     * @param refused datagrams and records refused since the start, by reason
     * @param link what the sockets did since the start, every loss by its place
     * @param hardening null when messages are not signed
     * @param tables how this table stands to the master's; null when tables are not compared
     * @param listening what a shadow can know of itself; null for others
     */
    public record Sync(
            @JsonProperty("interface") String interfaceName,
            String group,
            int port,
            int syncId,
            boolean sending,
            int lag,
            Map<String, Long> counters,
            Map<String, Long> refused,
            Settings settings,
            Map<String, Long> link,
            @Nullable Hardening hardening,
            @Nullable Tables tables,
            @Nullable Listening listening) {}

    /**
     * Comparison of this table with the master's.
     *
     * @param synced whether this node could take over with its table
     * @param compared whether that comes from comparing with a master's table
     * @param entries connections in the master's table that were announced
     * @param missing how many of them are not here, or otherwise here
     * @param coverage the part that is here, 0 to 1
     * @param lagMs for so long both have been known to differ, or were not compared; 0 when equal
     * @param whyNot why it is not synced; empty when it is
     * @param counters of comparisons, records, bytes, repaired buckets and connections
     */
    public record Tables(
            boolean synced,
            boolean compared,
            long entries,
            long missing,
            double coverage,
            long lagMs,
            String whyNot,
            Map<String, Long> counters) {}

    /**
     * Signed messages.
     *
     * @param epoch of this node's own messages; 0 when it never was master
     * @param highestEpoch highest that was ever believed
     * @param provenSenders senders that are known to live
     * @param masterEntries entries in the master's table, as it last told; 0 when it has not
     * @param coverage entries here for each there, at most 1; null when the master has not told
     * @param lagMs since when a message is missing; 0 when all that is known to be sent is here
     * @param tableWanted whether only the whole table can make this one the master's again
     * @param counters of signed messages and repairs since the start
     * @param refused messages refused since the start, by reason
     */
    public record Hardening(
            long epoch,
            long highestEpoch,
            int provenSenders,
            int masterEntries,
            @Nullable Double coverage,
            long lagMs,
            boolean tableWanted,
            Map<String, Long> counters,
            Map<String, Long> refused) {}

    /**
     * What a silent listener can say without asking anybody; of kernels, which never tell how many
     * entries they have, this is all that can be known.
     *
     * @param listenedMs since its start
     * @param records heard and understood
     * @param recordsPerSecond over that time
     * @param knownShare of the records, those that were about an entry that was there already; near
     *     1 when hardly anything is new, null before the first record
     */
    public record Listening(
            long listenedMs, long records, double recordsPerSecond, @Nullable Double knownShare) {}

    /**
     * How connections are replicated, in the words of the configuration.
     *
     * @param peers where messages go by unicast; empty when they go to the group
     * @param socketBuffer bytes asked for, 0 for what is usual
     * @param hardening off, permissive or enforce
     * @param keys ids of the keys; the first one signs
     */
    public record Settings(
            int version,
            int ports,
            int ttl,
            int maxLength,
            int queueLength,
            int socketBuffer,
            List<String> peers,
            int threshold,
            int period,
            int refreshPeriod,
            int retries,
            boolean persistMode,
            int flushMs,
            String hardening,
            List<Integer> keys) {}

    /**
     * An interface that carries traffic, and its frames since the start.
     *
     * @param received handed to the packet path
     * @param receiveDropped lost because the ring was full
     * @param receiveTruncated passed over because they were longer than a slot of the ring
     * @param receiveTagged passed over because of a VLAN tag
     * @param receiveNotForUs passed over because they were addressed to another host's interface
     * @param lastSendErrno why the kernel refused the last of {@code sendFailed}; 0 when none
     * @param linkErrors how often the interface was found down or gone
     */
    public record Port(
            String name,
            long received,
            long receiveDropped,
            long receiveTruncated,
            long receiveTagged,
            long receiveNotForUs,
            long sent,
            long sendFailed,
            int lastSendErrno,
            long linkErrors) {}
}
