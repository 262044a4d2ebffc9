package dev.tandem.director.app;

import dev.tandem.director.io.Tally;

/** What the helpers did: written by the worker thread, read by any. */
public final class AppCounters {
    final Tally expected = new Tally();
    final Tally rewritten = new Tally();
    final Tally held = new Tally();
    final Tally adjusted = new Tally();
    final Tally badChecksums = new Tally();
    final Tally failed = new Tally();
    final Tally sipFound = new Tally();
    final Tally sipByAddress = new Tally();
    final Tally sipRefused = new Tally();

    /** Data connections that were announced and awaited. */
    public long expected() {
        return expected.get();
    }

    /** Replies that were rewritten, repetitions included. */
    public long rewritten() {
        return rewritten.get();
    }

    /** Beginnings of replies that were held back until the rest came. */
    public long held() {
        return held.get();
    }

    /** Packets whose sequence or acknowledgment number was moved. */
    public long adjusted() {
        return adjusted.get();
    }

    /** Packets dropped for a wrong checksum, which a rewrite would have hidden. */
    public long badChecksums() {
        return badChecksums.get();
    }

    /** Packets dropped because the table is full or the rewritten packet has no room. */
    public long failed() {
        return failed.get();
    }

    /** New connections of SIP whose packet had a Call-ID. */
    public long sipFound() {
        return sipFound.get();
    }

    /** New connections of SIP without a Call-ID, which followed their client's address. */
    public long sipByAddress() {
        return sipByAddress.get();
    }

    /** Packets of SIP dropped for want of a Call-ID. */
    public long sipRefused() {
        return sipRefused.get();
    }
}
