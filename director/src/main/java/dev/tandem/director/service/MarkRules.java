package dev.tandem.director.service;

import dev.tandem.director.config.MarkRule;
import dev.tandem.director.config.MarkRule.Prefix;
import dev.tandem.director.config.Transport;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.packet.Packet;
import java.net.Inet6Address;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Gives firewall marks to packets from clients: an ordered list of rules, the first that matches
 * decides. Compiled once to plain numbers; a rule costs a few comparisons, and most fail at the
 * first. Worker thread; allocates nothing.
 */
public final class MarkRules {
    /** Of a rule that holds for every interface. */
    private static final int ANY_PORT = -1;

    /** Marks nothing. */
    public static final MarkRules NONE = new MarkRules(List.of(), _ -> ANY_PORT);

    private static final int IPV6_BITS = 128;
    private static final int HALF_BITS = 64;

    private final Rule[] rules;

    /**
     * @param portIndexes the index of the port that is an interface; negative when there is none,
     *     and then the rule matches nothing
     */
    public MarkRules(List<MarkRule> rules, ToIntFunction<String> portIndexes) {
        this.rules =
                rules.stream()
                        .filter(rule ->
                                rule.interfaceName().isEmpty()
                                        || portIndexes.applyAsInt(rule.interfaceName().get()) >= 0)
                        .map(rule -> Rule.of(rule, portIndexes))
                        .toArray(Rule[]::new);
    }

    /**
     * The packet's mark, an unsigned 32-bit number; 0 when no rule matches.
     *
     * @param portIndex the port on which it arrived
     */
    public int mark(Packet packet, int portIndex) {
        for (Rule rule : rules) {
            if (rule.matches(packet, portIndex)) {
                return rule.fwmark;
            }
        }
        return 0;
    }

    private record Rule(
            int fwmark,
            boolean ipv6,
            int protocol,
            long destinationHigh,
            long destinationLow,
            long destinationMaskHigh,
            long destinationMaskLow,
            long sourceHigh,
            long sourceLow,
            long sourceMaskHigh,
            long sourceMaskLow,
            int firstPort,
            int lastPort,
            int portIndex) {
        static Rule of(MarkRule rule, ToIntFunction<String> portIndexes) {
            Prefix destination = rule.destination();
            boolean ipv6 = destination.address() instanceof Inet6Address;
            Optional<Prefix> source = rule.source();
            long destinationMaskHigh = maskHigh(ipv6, destination.length());
            long destinationMaskLow = maskLow(ipv6, destination.length());
            long sourceMaskHigh = source.map(p -> maskHigh(ipv6, p.length())).orElse(0L);
            long sourceMaskLow = source.map(p -> maskLow(ipv6, p.length())).orElse(0L);
            return new Rule(
                    rule.fwmark(),
                    ipv6,
                    rule.protocol().map(Transport::number).orElse(0),
                    Addresses.high(destination.address()) & destinationMaskHigh,
                    Addresses.low(destination.address()) & destinationMaskLow,
                    destinationMaskHigh,
                    destinationMaskLow,
                    source.map(p -> Addresses.high(p.address())).orElse(0L) & sourceMaskHigh,
                    source.map(p -> Addresses.low(p.address())).orElse(0L) & sourceMaskLow,
                    sourceMaskHigh,
                    sourceMaskLow,
                    rule.firstPort(),
                    rule.lastPort(),
                    rule.interfaceName().map(portIndexes::applyAsInt).orElse(ANY_PORT));
        }

        boolean matches(Packet packet, int arrivedAt) {
            return (packet.destinationLow & destinationMaskLow) == destinationLow
                    && (packet.destinationHigh & destinationMaskHigh) == destinationHigh
                    && packet.ipv6 == ipv6
                    && (protocol == 0 || packet.protocol == protocol)
                    && packet.destinationPort >= firstPort
                    && packet.destinationPort <= lastPort
                    && (packet.sourceLow & sourceMaskLow) == sourceLow
                    && (packet.sourceHigh & sourceMaskHigh) == sourceHigh
                    && (portIndex == ANY_PORT || portIndex == arrivedAt);
        }

        private static long maskHigh(boolean ipv6, int length) {
            return ipv6 && length > 0 ? -1L << Math.max(0, HALF_BITS - length) : 0;
        }

        private static long maskLow(boolean ipv6, int length) {
            if (!ipv6) {
                return length == 0 ? 0 : 0xFFFF_FFFFL & (-1L << (Integer.SIZE - length));
            }
            return length <= HALF_BITS ? 0 : -1L << (IPV6_BITS - length);
        }
    }
}
