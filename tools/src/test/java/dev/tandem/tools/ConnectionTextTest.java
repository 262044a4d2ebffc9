package dev.tandem.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.director.conn.ConnectionView;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The expected lines are those of ipvsadm 1.31 for the same entries. */
class ConnectionTextTest {
    private static final List<ConnectionView> ENTRIES =
            List.of(
                    view("TCP", 899, "ESTABLISHED", "10.0.0.2:50000", "10.0.0.1:80", "10.9.0.1:80"),
                    view("TCP", 299, "ASSURED", "10.0.0.2:0", "10.0.0.9:443", "192.168.10.1:443"),
                    engine("abc123@host"),
                    view("IP", 120, "NONE", "10.0.0.2:0", "0.0.0.7:0", "192.168.10.1:0"),
                    view(
                            "SCTP",
                            900,
                            "ESTABLISHED",
                            "10.0.0.2:1024",
                            "10.0.0.1:7777",
                            "192.168.10.1:7777"),
                    view(
                            "TCP",
                            59,
                            "SYN_RECV",
                            "[2001:db8::2]:50000",
                            "[2001:db8::80]:80",
                            "[2001:db8::a0a0]:80"));

    @Test
    void shouldPrintWhatIpvsadmPrints() {
        assertEquals(
                """
                IPVS connection entries
                pro expire state       source             virtual            destination
                TCP 14:59  ESTABLISHED 10.0.0.2:50000     10.0.0.1:80        10.9.0.1:80
                TCP 04:59  ASSURED     10.0.0.2:0         10.0.0.9:443       192.168.10.1:443
                UDP 00:59  NONE        10.0.0.2:0         10.0.0.2:5060      192.168.10.1:5060
                IP  02:00  NONE        10.0.0.2:0         0.0.0.7:0          192.168.10.1:0
                SCTP 15:00  ESTABLISHED 10.0.0.2:1024      10.0.0.1:7777      192.168.10.1:7777
                TCP 00:59  SYN_RECV    [2001:db8::2]:50000 [2001:db8::80]:80  [2001:db8::a0a0]:80
                """,
                print(ENTRIES, false));
    }

    @Test
    void shouldPrintPersistenceEnginesWhenAsked() {
        assertEquals(
                """
                IPVS connection entries
                pro expire state       source             virtual            destination        pe name          pe_data
                TCP 04:59  ASSURED     10.0.0.2:0         10.0.0.9:443       192.168.10.1:443
                UDP 00:59  NONE        10.0.0.2:0         10.0.0.2:5060      192.168.10.1:5060 sip                abc123@host
                """,
                print(ENTRIES.subList(1, 3), true));
    }

    @Test
    void shouldNotLetEngineDataSteerTheTerminal() {
        assertEquals(
                "UDP 00:59  NONE        10.0.0.2:0         10.0.0.2:5060      192.168.10.1:5060"
                        + " sip                \\x1b[2J\\x0a\\xff",
                ConnectionText.line(engine("\033[2J\n\u00ff"), true));
    }

    @Test
    void shouldShowLongTimesAsTheKernelCan() {
        ConnectionView longest = view("TCP", 0x7FFF_FFFFL, "ESTABLISHED", "a", "b", "c");
        ConnectionView long2 = view("TCP", 360_001, "ESTABLISHED", "a", "b", "c");

        assertEquals("71582:47", ConnectionText.line(longest, false).substring(4, 12));
        assertEquals("6000:01", ConnectionText.line(long2, false).substring(4, 11));
    }

    private static String print(List<ConnectionView> entries, boolean persistent) {
        StringWriter text = new StringWriter();
        ConnectionText.print(entries, persistent, new PrintWriter(text));
        return text.toString();
    }

    private static ConnectionView engine(String data) {
        String hex = HexFormat.of().formatHex(data.getBytes(StandardCharsets.ISO_8859_1));
        return new ConnectionView(
                "UDP",
                "10.0.0.2:0",
                "10.0.0.2:5060",
                "192.168.10.1:5060",
                "NONE",
                59,
                60,
                "nat",
                true,
                true,
                true,
                0x1120,
                0,
                3,
                "sip",
                hex);
    }

    private static ConnectionView view(
            String protocol,
            long expires,
            String state,
            String client,
            String virtual,
            String real) {
        return new ConnectionView(
                protocol, client, virtual, real, state, expires, 900, "nat", true, false, false, 0,
                0, 1, "", "");
    }
}
