package dev.tandem.sync.hardening;

import java.nio.ByteBuffer;

/**
 * A sender's process as a receiver sees it.
 *
 * <pre>
 *   unproven --CHALLENGE, again and again--> unproven
 *   unproven --PROOF with our nonce--> proven, table wanted
 *   proven   --something lost--> proven, table wanted
 *   proven   --a good round that began late enough--> proven
 * </pre>
 *
 * Whether its epoch is stale is asked anew with each of its datagrams.
 */
final class RemoteSession {
    static final int NONCE_LENGTH = 16;
    private static final int HELD_BYTES = 2 << 20;

    final long id;
    final byte[] nonce = new byte[NONCE_LENGTH];
    ReceiveStream[] streams = new ReceiveStream[0];
    RemoteRound round = new RemoteRound(0);
    boolean proven;
    long epoch;

    /** When anything well signed was last heard of it. */
    long heardNs;

    long challengeDueNs;
    long challengeGapNs = ReceiverHalf.CHALLENGE_FIRST_NS;
    boolean tableWanted;
    long tableDueNs;
    int entries;
    private long tableSince;
    private long lossesSeen;

    RemoteSession(long id, long nowNs) {
        this.id = id;
        heardNs = nowNs;
        challengeDueNs = nowNs;
    }

    /** It lives: what it sends from now on is taken, what came before has to come by a round. */
    void prove(ByteBuffer proof, int firstNext, int count, long nowNs) {
        streams = new ReceiveStream[count];
        for (int i = 0; i < count; i++) {
            long next = Math.max(1, proof.getLong(firstNext + i * Long.BYTES));
            streams[i] = new ReceiveStream(HELD_BYTES / count, next);
        }
        start(nowNs);
    }

    /** It is believed unasked: what it sends from this sequence on is taken. */
    void believe(int count, int stream, long sequence, long nowNs) {
        streams = new ReceiveStream[count];
        for (int i = 0; i < count; i++) {
            streams[i] = new ReceiveStream(HELD_BYTES / count, i == stream ? sequence : 1);
        }
        start(nowNs);
    }

    private void start(long nowNs) {
        round = new RemoteRound(streams.length);
        proven = true;
        wantTable(nowNs);
    }

    /** Only a round that begins from now on makes the table whole. */
    void wantTable(long nowNs) {
        tableWanted = true;
        tableSince = streams[0].known() + 1;
        tableDueNs = nowNs;
    }

    long tableSince() {
        return tableSince;
    }

    /** Whether the round that is under way will do. */
    boolean isRoundComing() {
        return round.isRunning() && round.isGood() && round.beganAt() >= tableSince;
    }

    /** A round was taken whole. */
    void roundTaken() {
        if (round.beganAt() >= tableSince) {
            tableWanted = false;
        }
    }

    /** Datagrams given up since this was last asked. */
    long newLosses() {
        long losses = 0;
        for (ReceiveStream stream : streams) {
            losses += stream.losses();
        }
        long since = losses - lossesSeen;
        lossesSeen = losses;
        return since;
    }

    /** Since when the oldest missing datagram of all streams is missing, in ns. */
    long lagNs(long nowNs) {
        long lag = 0;
        for (ReceiveStream stream : streams) {
            lag = Math.max(lag, stream.lagNs(nowNs));
        }
        return lag;
    }

    boolean hasNonce(ByteBuffer proof, int at) {
        int differing = 0;
        for (int i = 0; i < NONCE_LENGTH; i++) {
            differing |= proof.get(at + i) ^ nonce[i];
        }
        return differing == 0;
    }
}
