package dev.tandem.director.address;

import dev.tandem.director.packet.Addresses;
import dev.tandem.director.packet.Arp;
import dev.tandem.director.packet.Ethernet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One question to the wire: does anybody claim our addresses? Three ARP probes per address, spread
 * over the time that it waits (RFC 5227 section 2.1.1, with shorter times: a failover cannot wait
 * for seconds). Worker thread only; the future completes there.
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

    /** Looks at an ARP packet from somebody else that concerns one of our addresses. */
    void observe(String interfaceName, long arp, int claimed, boolean probesToo) {
        String claimant =
                Addresses.formatHardware(Ethernet.getAddress(arp + Arp.SENDER_HARDWARE_OFFSET));
        answers.add(
                "%s is %s by %s on %s"
                        .formatted(
                                Addresses.format(claimed),
                                probesToo ? "probed for" : "claimed",
                                claimant,
                                interfaceName));
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
