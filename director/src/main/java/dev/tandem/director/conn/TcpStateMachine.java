package dev.tandem.director.conn;

import dev.tandem.director.packet.Tcp;

/**
 * The TCP state machine of IPVS (net/netfilter/ipvs/ip_vs_proto_tcp.c, tcp_states and
 * tcp_states_dos). It follows a connection from the middle, so it is coarser than TCP's own, and
 * every event has a next state. The secure table differs in a few cells: there a client alone never
 * gets a connection established, so a flood of forged segments stays in states that are short and
 * that drop_entry may forget.
 *
 * <p>The first flag that is set decides: RST, SYN, FIN, ACK. A segment with none of the four closes
 * the connection.
 *
 * <pre>
 *   NO NONE        SS SYN_SENT   FW FIN_WAIT   CL CLOSE        LA LAST_ACK   SA SYNACK
 *   ES ESTABLISHED SR SYN_RECV   TW TIME_WAIT  CW CLOSE_WAIT   LI LISTEN
 * </pre>
 */
public final class TcpStateMachine {
    /** A client's packet of a connection whose replies pass this director. */
    public static final int INPUT = 0;

    /** A server's packet. */
    public static final int OUTPUT = 1;

    /** A client's packet of a connection whose replies do not pass here (direct routing). */
    public static final int INPUT_ONLY = 2;

    /** Where the secure tables of the three directions begin. */
    private static final int SECURE = 3;

    private static final int FLAGS = Tcp.FIN | Tcp.SYN | Tcp.RST | Tcp.ACK;

    /** Room for each combination of flag bits, and for each state. */
    private static final int FLAG_COMBINATIONS = 32;

    private static final int STATES = 16;

    private static final String[][] TABLES = {
        {
            //   NO ES SS SR FW TW CL CW LA LI SA
            "SYN SR ES ES SR SR SR SR SR SR SR SR",
            "FIN CL CW SS TW TW TW CL CW LA LI TW",
            "ACK ES ES SS ES FW TW CL CW CL LI ES",
            "RST CL CL CL SR CL CL CL CL LA LI SR",
        },
        {
            "SYN SS ES SS SR SS SS SS SS SS LI SR",
            "FIN TW FW SS TW FW TW CL TW LA LI TW",
            "ACK ES ES SS ES FW TW CL CW LA ES ES",
            "RST CL CL SS CL CL TW CL CL CL CL CL",
        },
        {
            "SYN SR ES ES SR SR SR SR SR SR SR SR",
            "FIN CL FW SS TW FW TW CL CW LA LI TW",
            "ACK ES ES SS ES FW TW CL CW CL LI ES",
            "RST CL CL CL SR CL CL CL CL LA LI CL",
        },
        // the same three, secure
        {
            "SYN SR ES ES SR SR SR SR SR SR SR SA",
            "FIN CL CW SS TW TW TW CL CW LA LI SA",
            "ACK ES ES SS SR FW TW CL CW CL LI SA",
            "RST CL CL CL SR CL CL CL CL LA LI CL",
        },
        {
            "SYN SS ES SS SA SS SS SS SS SS LI SA",
            "FIN TW FW SS TW FW TW CL TW LA LI TW",
            "ACK ES ES SS ES FW TW CL CW LA ES ES",
            "RST CL CL SS CL CL TW CL CL CL CL CL",
        },
        {
            "SYN SA ES ES SR SA SA SA SA SA SA SA",
            "FIN CL FW SS TW FW TW CL CW LA LI TW",
            "ACK ES ES SS ES FW TW CL CW CL LI ES",
            "RST CL CL CL SR CL CL CL CL LA LI CL",
        },
    };

    private static final String CODES = "NO ES SS SR FW TW CL CW LA LI SA";

    /** Next state by table, flag bits and state: one load per packet. */
    private static final byte[] NEXT = flatten();

    private static final boolean[] ACTIVE = new boolean[STATES];

    static {
        for (TcpState state : TcpState.values()) {
            ACTIVE[state.code()] = state.active();
        }
    }

    private TcpStateMachine() {}

    /**
     * The state after a segment.
     *
     * @param secure whether the secure table holds
     * @param direction one of the three above
     * @param tcpFlags the flag byte of the TCP header
     * @param state 0 to 10
     */
    public static int next(boolean secure, int direction, int tcpFlags, int state) {
        int table = secure ? SECURE + direction : direction;
        return NEXT[index(table, tcpFlags & FLAGS, state)];
    }

    /** Whether connections in a state (0 to 10) count as active. */
    public static boolean isActive(int state) {
        return ACTIVE[state];
    }

    private static int index(int table, int flags, int state) {
        return (table * FLAG_COMBINATIONS + flags) * STATES + state;
    }

    private static byte[] flatten() {
        byte[] next = new byte[TABLES.length * FLAG_COMBINATIONS * STATES];
        for (int table = 0; table < TABLES.length; table++) {
            for (int flags = 0; flags < FLAG_COMBINATIONS; flags++) {
                for (int state = 0; state < TcpState.values().length; state++) {
                    next[index(table, flags, state)] = (byte) look(TABLES[table], flags, state);
                }
            }
        }
        return next;
    }

    private static int look(String[] rows, int flags, int state) {
        if ((flags & Tcp.RST) != 0) {
            return cell(rows[3], state);
        }
        if ((flags & Tcp.SYN) != 0) {
            return cell(rows[0], state);
        }
        if ((flags & Tcp.FIN) != 0) {
            return cell(rows[1], state);
        }
        return (flags & Tcp.ACK) != 0 ? cell(rows[2], state) : TcpState.CLOSE.code();
    }

    private static int cell(String row, int state) {
        int at = 4 + 3 * state;
        return CODES.indexOf(row.substring(at, at + 2)) / 3;
    }
}
