package dev.tandem.director.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.director.config.MarkRule;
import dev.tandem.director.config.MarkRule.Prefix;
import dev.tandem.director.config.Transport;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkRulesTest {
    private static final List<MarkRule> RULES =
            List.of(
                    rule(1, "tcp", "192.0.2.0/24", "10.0.0.1/32", 80, 80, ""),
                    rule(2, "tcp", "", "10.0.0.1/32", 80, 443, ""),
                    rule(3, "", "", "10.0.0.0/30", 0, 65535, "eth1"),
                    rule(4, "sctp", "", "0.0.0.0/0", 7, 7, ""),
                    rule(5, "udp", "", "2001:db8::/64", 53, 53, ""),
                    rule(6, "udp", "2001:db8:1::/48", "2001:db8::80/121", 0, 65535, ""),
                    rule(7, "", "", "10.0.0.9/32", 0, 65535, "unknown"),
                    rule(-1, "", "", "::/0", 9, 9, ""));

    private final MarkRules marks =
            new MarkRules(RULES, name -> List.of("eth0", "eth1").indexOf(name));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    6   | 192.0.2.9      | 10.0.0.1      | 80  | 0 | 1
                    6   | 192.0.3.9      | 10.0.0.1      | 80  | 0 | 2
                    6   | 192.0.2.9      | 10.0.0.1      | 443 | 0 | 2
                    6   | 192.0.2.9      | 10.0.0.1      | 444 | 0 | 0
                    6   | 192.0.2.9      | 10.0.0.1      | 444 | 1 | 3
                    17  | 192.0.2.9      | 10.0.0.3      | 1   | 1 | 3
                    17  | 192.0.2.9      | 10.0.0.4      | 1   | 1 | 0
                    17  | 192.0.2.9      | 10.0.0.1      | 80  | 0 | 0
                    132 | 192.0.2.9      | 203.0.113.1   | 7   | 0 | 4
                    6   | 192.0.2.9      | 203.0.113.1   | 7   | 0 | 0
                    17  | 2001:db8:9::1  | 2001:db8::1   | 53  | 0 | 5
                    17  | 2001:db8:9::1  | 2001:db8:0:1::1 | 53 | 0 | 0
                    17  | 2001:db8:1::1  | 2001:db8::ff  | 1   | 0 | 6
                    17  | 2001:db8:1::1  | 2001:db8::7f  | 1   | 0 | 0
                    17  | 2001:db8:2::1  | 2001:db8::ff  | 1   | 0 | 0
                    6   | 192.0.2.9      | 10.0.0.9      | 1   | 0 | 0
                    6   | 2001:db8:2::1  | fd00::1       | 9   | 0 | -1
                    6   | 192.0.2.9      | 10.0.0.9      | 9   | 0 | 0
                    """)
    void shouldMarkByTheFirstRuleThatMatches(
            int protocol, String from, String to, int port, int arrivedAt, int mark) {
        assertEquals(mark, marks.mark(Given.packet(protocol, from, to, port), arrivedAt));
    }

    private static MarkRule rule(
            int mark,
            String protocol,
            String source,
            String destination,
            int firstPort,
            int lastPort,
            String interfaceName) {
        return new MarkRule(
                mark,
                given(protocol).map(p -> Transport.valueOf(p.toUpperCase(java.util.Locale.ROOT))),
                given(source).map(MarkRulesTest::prefix),
                prefix(destination),
                firstPort,
                lastPort,
                given(interfaceName));
    }

    private static Optional<String> given(String text) {
        return Optional.of(text).filter(t -> !t.isEmpty());
    }

    private static Prefix prefix(String text) {
        int slash = text.indexOf('/');
        return new Prefix(
                Given.address(text.substring(0, slash)),
                Integer.parseInt(text.substring(slash + 1)));
    }
}
