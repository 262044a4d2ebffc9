package dev.tandem.tools.ipvsadm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.tools.api.Ipvs;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ProcFormatTest {
    private static String text(Consumer<ProcFormat> printing) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        printing.accept(new ProcFormat(new PrintStream(out, true, StandardCharsets.UTF_8)));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldPrintServicesInTicksAndHexadecimal() {
        List<Ipvs.Service> all = GoldenData.ipvs(false).services();
        Ipvs ipvs =
                GoldenData.ipvs(
                        List.of(all.get(1), all.get(2), all.get(4), all.get(7), all.get(8)));

        assertEquals(
                """
                IP Virtual Server version 1.2.1 (size=4096)
                Prot LocalAddress:Port Scheduler Flags
                  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
                UDP  0A000001:0035 rr ops \s
                  -> C0A81401:0035      Masq    1      0          0        \s
                UDP  0A000002:13C4 rr ops  persistent 15000 FFFFFFFF
                  -> C0A81401:0035      Masq    1      0          0        \s
                TCP  0A000009:01BB sh  persistent 75000 FFFFFF00
                  -> C0A81401:0035      Masq    1      0          0        \s
                TCP  [2001:0db8:0000:0000:0000:0000:0000:0080]:0050 wlc persistent 75000 40000000
                  -> [2001:0db8:0000:0000:0000:0000:0000:a0a0]:0050      Masq    1      1          2        \s
                  -> [2001:0db8:0000:0000:0000:0000:0000:0001]:0050      Route   1      1          2        \s
                FWM  00000007 wlc persistent 75000 FFFFFFFF
                  -> C0A81401:0035      Masq    1      0          0        \s
                """,
                text(format -> format.services(ipvs, 250)));
    }

    @Test
    void shouldPrintConnectionsWithTheirEngineOrOrigin() {
        assertEquals(
                """
                Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
                TCP 0A000002 C350 0A000001 0050 C0A80A01 0050 ESTABLISHED     899
                TCP 0A000002 0000 0A000009 01BB C0A80A01 01BB ASSURED         299
                UDP 0A000002 13C4 0A000002 13C4 C0A80A01 13C4 UDP             300
                UDP 0A000002 0000 0A000002 13C4 C0A80A01 13C4 NONE             59 sip abc123@host
                IP  0A000002 0000 00000007 0000 C0A80A01 0000 NONE            120
                SCTP 0A000002 0400 0A000001 1E61 C0A80A01 1E61 ESTABLISHED     900
                TCP 2001:0db8:0000:0000:0000:0000:0000:0002 C350 2001:0db8:0000:0000:0000:0000:0000:0080 0050 2001:0db8:0000:0000:0000:0000:0000:a0a0 0050 SYN_RECV         59
                """,
                text(format -> format.connections(GoldenData.connections(), false)));
        assertEquals(
                """
                Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires
                TCP 0A000002 C350 0A000001 0050 C0A80A01 0050 ESTABLISHED LOCAL      899
                """,
                text(format -> format.connections(GoldenData.connections().subList(0, 1), true)));
    }

    @Test
    void shouldPrintStatisticsInHexadecimal() {
        assertEquals(
                """
                   Total Incoming Outgoing         Incoming         Outgoing
                   Conns  Packets  Packets            Bytes            Bytes
                       C   34BF15   23CACE      11F71FB04CB          5F5E0FF

                 Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
                       7      4D2      3E7          75BCD15          5F5E100
                """,
                text(format -> format.stats(GoldenData.ipvs(false))));
    }

    @Test
    void shouldPrintHelpers() {
        assertEquals(
                """
                prot port    usecnt name
                TCP  21      1      ftp             \s
                """,
                text(format -> format.apps(GoldenData.ipvs(false))));
    }
}
