package dev.tandem.director.address;

import dev.tandem.director.packet.Addresses;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One question to the wire: does anybody claim our addresses? Three probes per address, spread over
 * the time that it waits (ARP: RFC 5227 section 2.1.1, IPv6: RFC 4862 section 5.4, with shorter
 * times: a failover cannot wait for seconds). Worker thread only; the future completes there.
 */
final class AddressProbe {
    private static final int PROBES = 3;

    private final long startNs;
    private final long waitNs;
    private final Set<String> answers = new LinkedHashSet<>();
    private final CompletableFuture<String> result;
    private int sent;

    AddressProbe(long nowNs, long waitNs, CompletableFuture<String> result) {
        this.result = result;
        this.startNs = nowNs;
        this.waitNs = waitNs;
    }

    /** Whether a round of probes is due; if so, it counts as sent. */
    boolean poll(long nowNs) {
        if (sent == PROBES || nowNs - nextNs() < 0) {
            return false;
        }
        sent++;
        return true;
    }

    /**
     * Takes note of somebody else who concerns himself with one of our addresses.
     *
     * @param claimed the address, and the port on which that was heard
     * @param probesToo he asks as we do, and does not have it yet
     */
    void observe(Member claimed, long hardwareAddress, boolean probesToo) {
        answers.add(
                "%s is %s by %s on %s"
                        .formatted(
                                claimed.text(),
                                probesToo ? "probed for" : "claimed",
                                Addresses.formatHardware(hardwareAddress),
                                claimed.port().name()));
    }

    /** Completes the future when the time is over; true then. */
    boolean finish(long nowNs) {
        if (nowNs - (startNs + waitNs) < 0) {
            return false;
        }
        result.complete(String.join("; ", answers));
        return true;
    }

    /** Nanoseconds until it has something to do. */
    long waitNs(long nowNs) {
        long next = sent == PROBES ? startNs + waitNs : nextNs();
        return Math.max(0, next - nowNs);
    }

    private long nextNs() {
        return startNs + waitNs * sent / PROBES;
    }
}
