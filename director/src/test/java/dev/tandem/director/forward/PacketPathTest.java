package dev.tandem.director.forward;

import dev.tandem.director.testing.PathFixture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PacketPathTest {

    @ParameterizedTest
    @MethodSource({
        "dev.tandem.director.forward.ForwardingCases#rows",
        "dev.tandem.director.forward.AnswerCases#rows",
        "dev.tandem.director.forward.IcmpErrorCases#rows",
        "dev.tandem.director.forward.MalformedCases#rows",
        "dev.tandem.director.forward.Ipv6Cases#rows",
        "dev.tandem.director.forward.Answer6Cases#rows",
        "dev.tandem.director.forward.SctpCases#rows",
        "dev.tandem.director.forward.TunnelCases#rows",
        "dev.tandem.director.forward.Icmp6ErrorCases#rows"
    })
    void shouldTreatPacketAsTheTableSays(PacketCase row) {
        try (PathFixture fixture = new PathFixture().owning().connected().established()) {
            row.verify(fixture);
        }
    }
}
