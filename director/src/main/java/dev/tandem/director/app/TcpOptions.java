package dev.tandem.director.app;

import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Tcp;

/** The options of a TCP header (RFC 9293 section 3.1). */
final class TcpOptions {
    /** Blocks received out of order, RFC 2018 section 3: pairs of u32. */
    static final int SACK = 5;

    /** RFC 7323 section 3: length 10, value u32, echo reply u32. */
    static final int TIME_STAMPS = 8;

    /** Two NOPs, kind 8, length 10, as everybody begins it. */
    static final int PADDED_TIME_STAMPS = 0x0101080A;

    static final int PADDED_TIME_STAMPS_LENGTH = 12;

    private static final int END = 0;
    private static final int NOP = 1;
    private static final int TIME_STAMPS_LENGTH = 10;

    private TcpOptions() {}

    /** Address of the option's kind, or 0 when it is not there or the options are malformed. */
    static long find(long tcp, int kind) {
        long end = tcp + Tcp.headerLength(tcp);
        long at = tcp + Tcp.MIN_HEADER_LENGTH;
        while (at < end) {
            int found = Memory.getByte(at);
            if (found == END) {
                return 0;
            }
            if (found == NOP) {
                at++;
                continue;
            }
            int length = at + 1 < end ? Memory.getByte(at + 1) : 0;
            if (length < 2 || at + length > end) {
                return 0;
            }
            if (found == kind) {
                return kind == TIME_STAMPS && length != TIME_STAMPS_LENGTH ? 0 : at;
            }
            at += length;
        }
        return 0;
    }
}
