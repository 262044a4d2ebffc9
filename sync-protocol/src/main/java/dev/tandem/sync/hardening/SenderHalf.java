package dev.tandem.sync.hardening;

import dev.tandem.sync.hardening.HardeningCounters.Count;
import java.nio.ByteBuffer;

/**
 * What a sender does for its receivers.
 *
 * <pre>
 *   quiet   --own-->     master    a status on every stream at once
 *   master  --DATA-->    master    stamped, kept, sent; a status 5 ms later unless more follows
 *   master  --follow-->  settling  no datagrams any more; the last ones are still told of
 *   settling --------->  quiet     after the statuses have come to their greatest distance
 *   any     --REQUEST-->           what is kept is sent again, at most {@link #RESEND_LIMIT} a turn
 *   any     --CHALLENGE-->         PROOF
 *   any     --TABLE_REQUEST-->     a round is wanted, unless one that will do has begun
 * </pre>
 */
final class SenderHalf {
    /** Of the link's buffers, which records need too. */
    private static final int RESEND_LIMIT = 64;

    private static final int HISTORY_BYTES = 2 << 20;
    private static final int RANGE_LENGTH = 12;
    private static final int NONCE_LENGTH = 16;

    private final ControlWriter writer;
    private final HardeningCounters counters;
    private final SendStream[] streams;
    private boolean master;
    private boolean settling;
    private boolean tableWanted;
    private long roundBegan;
    private long round;
    private int markedStreams;
    private int resendsLeft = RESEND_LIMIT;
    private int tableSize;

    SenderHalf(ControlWriter writer, HardeningCounters counters, int streams) {
        this.writer = writer;
        this.counters = counters;
        this.streams = new SendStream[streams];
        for (int i = 0; i < streams; i++) {
            this.streams[i] = new SendStream(HISTORY_BYTES / streams);
        }
    }

    void own(long nowNs) {
        master = true;
        settling = false;
        markedStreams = 0;
        hurry(nowNs);
    }

    void follow(long nowNs) {
        settling = master;
        master = false;
        hurry(nowNs);
    }

    private void hurry(long nowNs) {
        for (SendStream stream : streams) {
            stream.hurryStatus(nowNs);
        }
    }

    void tableSize(int entries) {
        tableSize = entries;
    }

    /** Stamps, keeps and sends the worker's datagram. */
    void data(ByteBuffer datagram, int stream, long nowNs) {
        sequenced(datagram, TrailerKind.DATA, stream, nowNs, 0);
    }

    private void sequenced(
            ByteBuffer datagram, TrailerKind kind, int stream, long nowNs, int bodyLength) {
        SendStream sending = streams[stream];
        writer.stamp(datagram, kind, stream, sending.next(), bodyLength);
        sending.sent(datagram, nowNs);
        writer.send(datagram);
        counters.add(Count.SIGNED);
    }

    /** Sends statuses that are due. */
    int doWork(long nowNs) {
        resendsLeft = RESEND_LIMIT;
        if (!master && !settling) {
            return 0;
        }
        int sent = 0;
        boolean settled = true;
        for (int i = 0; i < streams.length; i++) {
            if (streams[i].isStatusDue(nowNs)) {
                sendStatus(i, nowNs);
                sent++;
            }
            settled &= streams[i].isSettled();
        }
        settling &= !settled;
        return sent;
    }

    long waitNs(long nowNs) {
        long wait = Long.MAX_VALUE;
        if (master || settling) {
            for (SendStream stream : streams) {
                wait = Math.min(wait, stream.statusWaitNs(nowNs));
            }
        }
        return wait;
    }

    private void sendStatus(int i, long nowNs) {
        SendStream stream = streams[i];
        stream.statusSent(nowNs);
        ByteBuffer message = writer.begin(i);
        if (message != null) {
            message.putLong(stream.oldest()).putInt(tableSize).putInt(0);
            writer.stampControl(message, TrailerKind.STATUS, i, stream.next() - 1);
            writer.send(message);
        }
    }

    /** Somebody misses datagrams of this session. */
    void onRequest(ByteBuffer request, long nowNs) {
        int streamNumber = Trailer.stream(request);
        if (streamNumber >= streams.length) {
            counters.add(Refusal.MALFORMED);
            return;
        }
        SendStream stream = streams[streamNumber];
        int end = Trailer.start(request);
        boolean gone = false;
        for (int at = Trailer.body(request) + 8; end - at >= RANGE_LENGTH; at += RANGE_LENGTH) {
            long first = request.getLong(at);
            long last = first + Integer.toUnsignedLong(request.getInt(at + 8)) - 1;
            gone |= first < stream.oldest();
            long to = Math.min(last, stream.next() - 1);
            for (long i = Math.max(first, stream.oldest()); i <= to && resendsLeft > 0; i++) {
                resend(streamNumber, stream, i, nowNs);
            }
        }
        if (gone) {
            sendStatus(streamNumber, nowNs);
        }
    }

    private void resend(int streamNumber, SendStream stream, long sequence, long nowNs) {
        if (!stream.mayResend(sequence, nowNs)) {
            return;
        }
        resendsLeft--;
        ByteBuffer buffer = writer.begin(streamNumber);
        if (buffer == null) {
            resendsLeft = 0;
            return;
        }
        stream.resend(sequence, buffer, nowNs);
        writer.signAgain(buffer);
        writer.send(buffer);
        counters.add(Count.RESENT);
    }

    /** Somebody asks whether this session lives. */
    void onChallenge(ByteBuffer challenge) {
        ByteBuffer proof = writer.begin(0);
        if (proof == null) {
            return;
        }
        proof.putLong(Trailer.session(challenge));
        int nonce = Trailer.body(challenge) + 8;
        for (int i = 0; i < NONCE_LENGTH; i++) {
            proof.put(challenge.get(nonce + i));
        }
        for (SendStream stream : streams) {
            if (ControlWriter.bodyRoom(proof) >= Long.BYTES) {
                proof.putLong(stream.next());
            }
        }
        writer.stampControl(proof, TrailerKind.PROOF, 0, 0);
        writer.send(proof);
    }

    /** Somebody cannot be repaired but by a round that begins at this sequence or later. */
    void onTableRequest(ByteBuffer request) {
        long since = request.getLong(Trailer.body(request) + 8);
        if (master && roundBegan < since) {
            tableWanted = true;
        }
    }

    /** Whether a round is wanted; the answer is given once. */
    boolean takeTableRequest() {
        boolean wanted = tableWanted;
        tableWanted = false;
        return wanted;
    }

    /** Marks the begin of a round on every stream; false when it is to be called again. */
    boolean beginRound(long nowNs) {
        if (markedStreams == 0) {
            round++;
            roundBegan = streams[0].next();
            tableWanted = false;
        }
        return mark(TrailerKind.ROUND_BEGIN, nowNs);
    }

    /** Marks the end of the round on every stream; false when it is to be called again. */
    boolean endRound(long nowNs) {
        boolean done = mark(TrailerKind.ROUND_END, nowNs);
        if (done) {
            counters.add(Count.ROUNDS_SENT);
        }
        return done;
    }

    private boolean mark(TrailerKind kind, long nowNs) {
        while (markedStreams < streams.length) {
            ByteBuffer message = writer.begin(markedStreams);
            if (message == null) {
                return false;
            }
            message.putLong(round).flip();
            sequenced(message, kind, markedStreams, nowNs, 8);
            markedStreams++;
        }
        markedStreams = 0;
        return true;
    }
}
