package dev.tandem.director.conn;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.conn.SyncedConnections.Outcome;
import dev.tandem.sync.wire.SyncRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the table holds after records, packets and time, as a map: the rules of a kernel's backup
 * written down a second time, as plainly as possible, for {@link SyncedProperties}.
 */
final class ModelTable {
    private static final long SECOND = Fixture.SECOND;
    private static final int INACTIVE = 0x100;
    private static final int NO_CPORT = 0x800;
    private static final int TEMPLATE = 0x1000;

    /** Under what an entry is found; {@code kind} is one of "", "portless", "template". */
    record Key(String kind, int protocol, String client, String virtual, String engine) {}

    /** One entry. */
    static final class Entry {
        final boolean ipv6;
        final String real;
        final long fwmark;
        final int baseCells;
        boolean details;
        int state;
        int flags;
        long timeout;
        long deadline;
        String sequence = "";
        @Nullable String server;
        int round;
        boolean knownToPeer;

        Entry(boolean ipv6, String real, long fwmark, int engineLength, int flags) {
            this.ipv6 = ipv6;
            this.real = real;
            this.fwmark = fwmark;
            this.flags = flags;
            details = engineLength > 0 || fwmark != 0;
            baseCells = (ipv6 ? 2 : 1) + (engineLength + 55) / 56;
        }

        int cells() {
            return baseCells + (details ? 1 : 0);
        }
    }

    final Map<Key, Entry> entries = new HashMap<>();
    private final int limit;
    private int round;

    ModelTable(int limit) {
        this.limit = limit;
    }

    /** The entry under a key that is there. */
    Entry at(Key key) {
        return Objects.requireNonNull(entries.get(key));
    }

    int cells() {
        return entries.values().stream().mapToInt(Entry::cells).sum();
    }

    @Nullable Key find(int protocol, String client, String virtual) {
        Key exact = new Key("", protocol, client, virtual, "");
        if (entries.containsKey(exact)) {
            return exact;
        }
        Key portless = new Key("portless", protocol, withoutPort(client), virtual, "");
        return entries.containsKey(portless) ? portless : null;
    }

    Outcome apply(
            SyncRecord r, String client, String virtual, String real, String engine, long now) {
        boolean template = (r.flags() & TEMPLATE) != 0;
        Key templateKey = new Key("template", r.protocol(), client, virtual, engine);
        Key key =
                template
                        ? entries.containsKey(templateKey) ? templateKey : null
                        : find(r.protocol(), client, virtual);
        Outcome outcome = Outcome.CREATED;
        Entry entry;
        if (key != null && (template || at(key).real.equals(real))) {
            outcome = Outcome.UPDATED;
            entry = at(key);
            entry.flags = (r.flags() & 0x700) | (entry.flags & ~0x700);
            if (entry.server == null) {
                bind(entry, r.protocol(), virtual, real, template);
            }
        } else {
            if (key != null) {
                if ((r.flags() & INACTIVE) != 0) {
                    return Outcome.LATE_CLOSE;
                }
                entries.remove(key);
                outcome = Outcome.REPLACED;
            }
            int flags = (r.flags() & 0x1F87) | 0x20;
            boolean portless = !template && (flags & NO_CPORT) != 0 && r.clientPort() == 0;
            if (r.clientPort() != 0) {
                flags &= ~NO_CPORT;
            }
            entry =
                    new Entry(
                            r.isIpv6(),
                            real,
                            Integer.toUnsignedLong(r.fwmark()),
                            template ? engineLength(engine) : 0,
                            flags);
            if (cells() + entry.cells() > limit) {
                return Outcome.TABLE_FULL;
            }
            entries.put(
                    template
                            ? templateKey
                            : new Key(
                                    portless ? "portless" : "", r.protocol(), client, virtual, ""),
                    entry);
            bind(entry, r.protocol(), virtual, real, template);
        }
        entry.state = r.state();
        entry.round = round;
        entry.knownToPeer = true;
        entry.timeout = r.timeoutSeconds();
        entry.deadline = now + r.timeoutSeconds() * SECOND;
        return sequence(entry, r) ? outcome : Outcome.TABLE_FULL;
    }

    private boolean sequence(Entry entry, SyncRecord r) {
        if (!r.options().hasSequence() || r.protocol() != 6 || (r.flags() & TEMPLATE) != 0) {
            return true;
        }
        if (!entry.details && cells() >= limit) {
            return false;
        }
        entry.details = true;
        entry.sequence =
                "%d/%d/%d/%d/%d/%d"
                        .formatted(
                                r.options().inInitialSequence(),
                                r.options().inDelta(),
                                r.options().inPreviousDelta(),
                                r.options().outInitialSequence(),
                                r.options().outDelta(),
                                r.options().outPreviousDelta());
        return true;
    }

    /** The services of {@link Fixture#configuration}. */
    private static void bind(
            Entry entry, int protocol, String virtual, String real, boolean template) {
        String server = protocol + " " + virtual + " " + real;
        boolean nat =
                server.equals("6 10.77.1.100:80 10.77.2.11:8080")
                        || server.equals("17 10.77.1.100:53 10.77.2.11:5353");
        if (nat || server.equals("6 10.77.1.100:443 10.77.2.11:443")) {
            entry.server = server;
            entry.flags = (entry.flags & ~0x87) | (nat ? 0 : 0x83) | (template ? INACTIVE : 0);
        }
    }

    boolean hasRoom() {
        return cells() < limit;
    }

    void schedule(int protocol, String client, String virtual, String real, long now) {
        Entry entry = new Entry(false, real, 0, 0, INACTIVE);
        bind(entry, protocol, virtual, real, false);
        entry.timeout = 3;
        entry.deadline = now + 3 * SECOND;
        entries.put(new Key("", protocol, client, virtual, ""), entry);
    }

    /** A packet's effect, from either side. */
    void packet(Entry entry, int protocol, int direction, int tcpFlags, long now) {
        entry.timeout = 300;
        if (protocol == 6) {
            int before = entry.state;
            entry.state = TcpStateMachine.next(false, direction, tcpFlags, before);
            if (entry.state != before && entry.server != null) {
                boolean active = TcpStateMachine.isActive(entry.state);
                entry.flags = active ? entry.flags & ~INACTIVE : entry.flags | INACTIVE;
            }
            entry.timeout = DirectorSettings.DEFAULT.tcpTimeoutSeconds(entry.state);
        }
        entry.deadline = now + entry.timeout * SECOND;
    }

    Key learnPort(Key portless, String client) {
        Entry entry = at(portless);
        entries.remove(portless);
        entry.flags &= ~NO_CPORT;
        Key key = new Key("", portless.protocol(), client, portless.virtual(), "");
        entries.put(key, entry);
        return key;
    }

    void expire(long now) {
        entries.values().removeIf(entry -> entry.deadline - now <= 0);
    }

    void beginRound() {
        round++;
    }

    void endRound() {
        entries.values()
                .removeIf(e -> e.round != round && (e.knownToPeer || (e.flags & 0x20) != 0));
    }

    /** As {@link Listed#line}, sorted. */
    Set<String> lines() {
        TreeSet<String> lines = new TreeSet<>();
        entries.forEach((key, e) -> lines.add(line(key, e)));
        return lines;
    }

    private static String line(Key key, Entry e) {
        boolean template = key.kind().equals("template");
        String protocol =
                switch (key.protocol()) {
                    case 0 -> "IP";
                    case 6 -> "TCP";
                    case 17 -> "UDP";
                    default -> "SCTP";
                };
        List<String> methods = List.of("nat", "local", "tunnel", "dr", "bypass");
        int method = e.flags & 7;
        return "%s %s %s %s %s %d %x %s%s%s%s%s"
                .formatted(
                        protocol,
                        EntryStates.name(key.protocol(), template, e.state),
                        key.client(),
                        key.virtual(),
                        e.real,
                        e.timeout,
                        e.flags,
                        method < 5 ? methods.get(method) : "method " + method,
                        e.server != null ? "+" : "",
                        e.fwmark != 0 ? " mark=" + e.fwmark : "",
                        template && !key.engine().isEmpty() ? " " + key.engine() : "",
                        e.sequence.isEmpty() ? "" : " seq=" + e.sequence);
    }

    private static String withoutPort(String endpoint) {
        return endpoint.substring(0, endpoint.lastIndexOf(':')) + ":0";
    }

    private static int engineLength(String engine) {
        return engine.isEmpty() ? 0 : engine.length() - "sip:".length();
    }
}
