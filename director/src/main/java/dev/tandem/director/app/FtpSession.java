package dev.tandem.director.app;

/**
 * What a control connection has in the air: a line that came in part, a reply that is awaited or
 * was rewritten and is not acknowledged yet. Sequence numbers are those of the sender, before
 * {@link SequenceShift}. Most of the time there is none of this, and no session.
 */
final class FtpSession {
    /** Longest beginning of a line that is kept. */
    static final int MAX_LINE = 512;

    /** The reply for which the server's packets are looked through. */
    enum Awaited {
        NOTHING,
        /** 227. */
        PASSIVE,
        /** 229. */
        EXTENDED_PASSIVE
    }

    /** Bytes of a stream, and where in it they begin. */
    static final class Piece {
        private static final byte[] NO_BYTES = {};

        int sequence;
        int length;
        byte[] bytes = NO_BYTES;

        void set(int newSequence, byte[] text, int from, int to) {
            sequence = newSequence;
            length = to - from;
            if (bytes.length < length) {
                bytes = new byte[length];
            }
            System.arraycopy(text, from, bytes, 0, length);
        }

        void clear() {
            length = 0;
        }

        boolean isEmpty() {
            return length == 0;
        }

        /** Sequence number behind the last byte. */
        int end() {
            return sequence + length;
        }
    }

    Awaited awaited = Awaited.NOTHING;

    /** The control connection speaks TLS: nobody can read along. */
    boolean encrypted;

    /** The window of the client's last packet, as in the header. */
    int window;

    /** What the client has acknowledged, in the server's numbers. */
    int acknowledged;

    /** Up to where the server's text was looked through for a reply. */
    int searched;

    /** Whether that is in the middle of a line, one that is no reply. */
    boolean midLine;

    /** The beginning of the client's line. */
    final Piece command = new Piece();

    /** The beginning of the server's reply, not sent on. */
    final Piece held = new Piece();

    /** What the client was sent, from the sequence number on, until it acknowledges. */
    final Piece sent = new Piece();

    /** In place of which the client was sent that: the sender's number behind it. */
    int sentEnd;

    void searched(int sequence, boolean inMidLine) {
        searched = sequence;
        midLine = inMidLine;
    }

    /** Whether the server's packets are looked through for a reply, or for the rest of one. */
    boolean isSearching() {
        return awaited != Awaited.NOTHING || !held.isEmpty();
    }

    boolean isIdle() {
        return !isSearching() && !encrypted && command.isEmpty() && sent.isEmpty();
    }
}
