package dev.tandem.director.sync;

import dev.tandem.director.io.Tally;

/** What the streams of a sender count together: written by the worker thread, read by any. */
final class SenderNumbers {
    /** Records handed to the link. */
    final Tally sent = new Tally();

    /** Records in open datagrams. */
    final Tally waiting = new Tally();

    /** Records that were to be sent when no buffer was free. */
    final Tally dropped = new Tally();

    /** Records that were to be sent and that the protocol version does not have. */
    final Tally notCarried = new Tally();

    void written() {
        waiting.add(1);
    }

    void handedOver(int records) {
        sent.add(records);
        waiting.add(-records);
    }
}
