package dev.tandem.tools.demo.lab;

import dev.tandem.director.packet.Addresses;
import java.util.List;

/**
 * Who had the virtual address in a span of time, as the clients' network saw it.
 *
 * @param last who claimed it last: a director's name, or a question mark before the first claim
 * @param changes how often a claim came from another one than the claim before
 * @param doubles questions that two answered
 * @param returns how often one claimed it again less than 150 ms after another one's first claim
 * @param longestSilenceNs the longest time without any claim
 * @param claims the first fifty claims that came from another one than the claim before, or were a
 *     second answer
 */
public record Owners(
        String last,
        int changes,
        int doubles,
        int returns,
        long longestSilenceNs,
        List<Claim> claims) {
    /**
     * A claim.
     *
     * @param atNs {@link System#nanoTime} of its arrival
     * @param by a director's name, or the link-level address of somebody else
     * @param second whether another one had answered the same question
     */
    public record Claim(long atNs, String by, boolean second) {}

    /**
     * Whether two had it at once: both answered one question, or they took turns in answering. Each
     * change of owner needs an epoch of its own, and nobody gets the address back within a lease.
     *
     * @param epochs by how many the directors' epoch has grown in the same span
     */
    public boolean two(long epochs) {
        return doubles > 0 || returns > 0 || changes > epochs;
    }

    static String name(long mac) {
        String text = Addresses.formatHardware(mac);
        for (int index = 0; index < 2; index++) {
            if (text.equals(Lab.outsideMac(index))) {
                return NodeFile.node(index);
            }
        }
        return text;
    }
}
