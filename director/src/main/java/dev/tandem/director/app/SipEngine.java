package dev.tandem.director.app;

import dev.tandem.director.conn.EngineData;
import dev.tandem.director.conn.PersistenceEngine;
import dev.tandem.director.io.Memory;
import dev.tandem.director.io.Tally;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Packet;
import dev.tandem.director.packet.Udp;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Persistence by the Call-ID of SIP over UDP (RFC 3261 sections 8.1.1.4 and 20.8; the kernel's
 * ip_vs_pe_sip.c): all packets of a call go to one server, whatever client they come from.
 *
 * <p>There are two of it. {@code sip} is the kernel's: what has no Call-ID is dropped. {@code
 * sip-or-address} lets such packets follow their client's address. The templates of both carry the
 * name {@code sip}, which a kernel knows too.
 */
public final class SipEngine implements PersistenceEngine {
    private static final byte[] ENGINE = "sip".getBytes(StandardCharsets.US_ASCII);
    private static final String HEADER = "call-id";
    private static final String COMPACT = "i";
    private static final String WORD_SIGNS = "-.!%*_+`'~()<>:\\\"/[]?{}";

    private final String name;
    private final Result otherwise;
    private final Tally found;
    private final Tally notFound;

    private SipEngine(String name, Result otherwise, Tally found, Tally notFound) {
        this.name = name;
        this.otherwise = otherwise;
        this.found = found;
        this.notFound = notFound;
    }

    /**
     * Both, by name.
     *
     * @param counters where they count together
     */
    public static Map<String, PersistenceEngine> all(AppCounters counters) {
        Map<String, PersistenceEngine> engines = new TreeMap<>();
        for (SipEngine engine :
                new SipEngine[] {
                    new SipEngine("sip", Result.REFUSED, counters.sipFound, counters.sipRefused),
                    new SipEngine(
                            "sip-or-address",
                            Result.BY_ADDRESS,
                            counters.sipFound,
                            counters.sipByAddress)
                }) {
            engines.put(engine.name, engine);
        }
        return engines;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Result fill(Packet packet, EngineData data) {
        Result result = find(packet, data);
        (result == Result.FOUND ? found : notFound).add(1);
        return result;
    }

    private Result find(Packet packet, EngineData data) {
        if (packet.protocol != Ipv4.PROTOCOL_UDP) {
            return otherwise;
        }
        long end = packet.transport + packet.transportLength;
        long value = header(packet.transport + Udp.HEADER_LENGTH, end);
        if (value == 0) {
            return otherwise;
        }
        int length = callIdLength(value, end);
        if (length == 0
                || length > EngineData.MAX_DATA_LENGTH
                || value + length >= end
                || !isLineEnd(Memory.getByte(value + length))) {
            return otherwise;
        }
        data.set(ENGINE, value, length);
        return Result.FOUND;
    }

    /** Where the header's value begins, or 0; the first line is none. */
    private static long header(long text, long end) {
        long at = text;
        while (at < end) {
            if (!isLineEnd(Memory.getByte(at))) {
                at++;
                continue;
            }
            boolean pair =
                    Memory.getByte(at) == '\r' && at + 1 < end && Memory.getByte(at + 1) == '\n';
            at += pair ? 2 : 1;
            long behind = behindName(at, end);
            if (behind != 0) {
                long colon = skipSpace(behind, end);
                if (colon >= end || Memory.getByte(colon) != ':') {
                    return 0;
                }
                long value = skipSpace(colon + 1, end);
                return value < end ? value : 0;
            }
        }
        return 0;
    }

    private static long behindName(long at, long end) {
        if (is(at, end, HEADER)) {
            return at + HEADER.length();
        }
        long next = at + COMPACT.length();
        return is(at, end, COMPACT) && next < end && !isLetter(Memory.getByte(next)) ? next : 0;
    }

    private static boolean is(long at, long end, String word) {
        if (end - at < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            int c = Memory.getByte(at + i);
            if ((isLetter(c) ? c | 0x20 : c) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int callIdLength(long value, long end) {
        long at = skipWord(value, end);
        if (at == value || at >= end || Memory.getByte(at) != '@') {
            return (int) (at - value);
        }
        long host = at + 1;
        at = skipWord(host, end);
        return at == host ? 0 : (int) (at - value);
    }

    private static long skipWord(long from, long end) {
        long at = from;
        while (at < end && isWord(Memory.getByte(at))) {
            at++;
        }
        return at;
    }

    private static long skipSpace(long from, long end) {
        long at = from;
        while (at < end && (Memory.getByte(at) == ' ' || Memory.getByte(at) == '\t')) {
            at++;
        }
        return at;
    }

    private static boolean isWord(int c) {
        return isLetter(c) || (c >= '0' && c <= '9') || WORD_SIGNS.indexOf(c) >= 0;
    }

    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isLineEnd(int c) {
        return c == '\r' || c == '\n';
    }
}
