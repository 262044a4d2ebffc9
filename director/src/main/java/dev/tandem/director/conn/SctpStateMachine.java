package dev.tandem.director.conn;

import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Packet;

/**
 * The SCTP state machine of IPVS (net/netfilter/ipvs/ip_vs_proto_sctp.c, sctp_states, sctp_events
 * and set_sctp_state). It has no secure variant. The event is the packet's first chunk, but an
 * ABORT that is bundled behind a COOKIE ECHO or COOKIE ACK counts as one.
 *
 * <pre>
 *   NO NONE   I1 INIT1    IN INIT     CS COOKIE_SENT   CR COOKIE_REPLIED   CW COOKIE_WAIT
 *   CO COOKIE CE COOKIE_ECHOED        ES ESTABLISHED   SS SHUTDOWN_SENT    SR SHUTDOWN_RECEIVED
 *   SA SHUTDOWN_ACK_SENT  RJ REJECTED CL CLOSED
 * </pre>
 */
public final class SctpStateMachine {
    /** {@link #event} of a packet that has no chunk: nothing happens. */
    public static final int NO_EVENT = -1;

    static final int DATA = 0;
    static final int INIT = 1;
    static final int INIT_ACK = 2;
    static final int COOKIE_ECHO = 3;
    static final int COOKIE_ACK = 4;
    static final int SHUTDOWN = 5;
    static final int SHUTDOWN_ACK = 6;
    static final int SHUTDOWN_COMPLETE = 7;
    static final int ERROR = 8;
    static final int ABORT = 9;
    private static final int EVENTS = 10;

    /** RFC 9260 section 3: the common header's length; a chunk's type, flags and length. */
    private static final int COMMON_HEADER_LENGTH = 12;

    private static final int CHUNK_HEADER_LENGTH = 4;
    private static final int CHUNK_LENGTH_OFFSET = 2;

    /** Event by chunk type 0 to 14; every other type counts as data. */
    private static final int[] EVENT_BY_TYPE = {
        DATA,
        INIT,
        INIT_ACK,
        DATA, // SACK
        DATA, // HEARTBEAT
        DATA, // HEARTBEAT ACK
        ABORT,
        SHUTDOWN,
        SHUTDOWN_ACK,
        ERROR,
        COOKIE_ECHO,
        COOKIE_ACK,
        DATA, // ECNE
        DATA, // CWR
        SHUTDOWN_COMPLETE,
    };

    /** Room for each state. */
    private static final int STATES = 16;

    private static final String CODES = "NO I1 IN CS CR CW CO CE ES SS SR SA RJ CL";

    /** By direction as in {@link TcpStateMachine}, then by event. */
    private static final String[][] TABLES = {
        {
            // NO I1 IN CS CR CW CO CE ES SS SR SA RJ CL
            "ES I1 IN CS CR CW CO CE ES SS SR SA RJ CL", // DATA
            "I1 IN IN CS CR CW CO CE ES SS SR SA IN IN", // INIT
            "CW CW CW CS CR CO CO CE ES SS SR SA RJ CL", // INIT ACK
            "CR IN IN CR CR CW CO CE ES SS SR SA RJ CL", // COOKIE ECHO
            "ES I1 IN CS CR CW CO ES ES SS SR SA RJ CL", // COOKIE ACK
            "SR I1 IN CS CR CW CO CE SR SS SR SA RJ CL", // SHUTDOWN
            "CL IN IN CS CR CW CO CE ES CL SR CL RJ CL", // SHUTDOWN ACK
            "CL CL CL CS CR CW CO CE ES SS SR CL RJ CL", // SHUTDOWN COMPLETE
            "CL I1 IN CS CR CW CO CL ES SS SR SA RJ CL", // ERROR
            "CL CL CL CL CL RJ CL CL CL CL CL CL CL CL", // ABORT
        },
        {
            "ES I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
            "CW CW CW CW CW CW CW CW ES CW CW CW CW CW",
            "CS CS CS CS CR CW CO CE ES SS SR SA RJ CL",
            "CE CE CE CE CE CE CE CE ES SS SR SA RJ CL",
            "ES ES ES ES ES ES ES ES ES SS SR SA RJ CL",
            "SS SS SS SS SS SS SS SS SS SS SR SA RJ CL",
            "SA SA SA SA SA CW CO CE ES SA SA SA RJ CL",
            "CL I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
            "CL CL CL CL CL CW CO CE ES SS SR SA RJ CL",
            "CL RJ CL CL CL CL CL CL CL CL CL CL CL CL",
        },
        {
            "ES I1 IN CS CR ES CO CE ES SS SR SA RJ CL",
            "I1 IN IN IN IN IN CO CE ES SS SR SA IN IN",
            "CE CE CE CE CE CE CO CE ES SS SR SA RJ CL",
            "ES ES ES ES ES ES CO CE ES SS SR SA RJ CL",
            "ES I1 IN ES ES CW ES ES ES SS SR SA RJ CL",
            "SR I1 IN CS CR CW CO CE SR SS SR SA RJ CL",
            "CL IN IN CS CR CW CO CE CL CL SR CL RJ CL",
            "CL CL CL CL CL CW CO CE ES SS CL CL RJ CL",
            "CL I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
            "CL CL CL CL CL RJ CL CL CL CL CL CL CL CL",
        },
    };

    private static final byte[] NEXT = flatten();

    private SctpStateMachine() {}

    /**
     * What a packet says, or {@link #NO_EVENT} when it ends before its first chunk's header does.
     */
    public static int event(Packet packet) {
        int type = chunkType(packet, COMMON_HEADER_LENGTH);
        if (type == NO_EVENT) {
            return NO_EVENT;
        }
        int event = type < EVENT_BY_TYPE.length ? EVENT_BY_TYPE[type] : DATA;
        return event == COOKIE_ECHO || event == COOKIE_ACK ? bundled(packet, event) : event;
    }

    /**
     * The state after an event.
     *
     * @param direction one of the three of {@link TcpStateMachine}
     * @param event 0 to 9
     * @param state 0 to 13
     */
    static int next(int direction, int event, int state) {
        return NEXT[(direction * EVENTS + event) * STATES + state];
    }

    private static int bundled(Packet packet, int event) {
        long first = packet.transport + COMMON_HEADER_LENGTH;
        int length = Memory.getShortBe(first + CHUNK_LENGTH_OFFSET);
        if (length < CHUNK_HEADER_LENGTH) {
            return event;
        }
        int type = chunkType(packet, COMMON_HEADER_LENGTH + (length + 3 & ~3));
        return type >= 0 && type < EVENT_BY_TYPE.length && EVENT_BY_TYPE[type] == ABORT
                ? ABORT
                : event;
    }

    private static int chunkType(Packet packet, int offset) {
        return packet.transportLength < offset + CHUNK_HEADER_LENGTH
                ? NO_EVENT
                : Memory.getByte(packet.transport + offset);
    }

    private static byte[] flatten() {
        byte[] next = new byte[TABLES.length * EVENTS * STATES];
        for (int direction = 0; direction < TABLES.length; direction++) {
            for (int event = 0; event < EVENTS; event++) {
                String row = TABLES[direction][event];
                for (int state = 0; state < SctpState.values().length; state++) {
                    String code = row.substring(3 * state, 3 * state + 2);
                    next[(direction * EVENTS + event) * STATES + state] =
                            (byte) (CODES.indexOf(code) / 3);
                }
            }
        }
        return next;
    }
}
