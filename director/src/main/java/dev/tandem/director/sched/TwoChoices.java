package dev.tandem.director.sched;

import java.util.random.RandomGenerator;

/**
 * {@code twos}: two servers by chance, each as likely as its weight says, and of these the one with
 * the lesser overhead for its weight.
 *
 * <p>The numbers are drawn from 0 to the sum of the weights inclusive, as in the kernel, which
 * favours the first server by a hair. The comparison is done in 64 bits, not 32.
 */
final class TwoChoices implements Scheduler {
    private final RandomGenerator random;

    TwoChoices(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public int pick(Candidate[] servers, Flow flow, long nowNs) {
        long sum = 0;
        for (Candidate server : servers) {
            if (server.available()) {
                sum += server.weight();
            }
        }
        if (sum == 0) {
            return NONE;
        }
        int first = at(servers, random.nextLong(sum + 1));
        int second = at(servers, random.nextLong(sum + 1));
        long firstLoad = servers[first].overhead() * servers[second].weight();
        long secondLoad = servers[second].overhead() * servers[first].weight();
        return firstLoad > secondLoad ? second : first;
    }

    /** The server in whose stretch of the line of weights the point lies. */
    private static int at(Candidate[] servers, long point) {
        long left = point;
        int last = NONE;
        for (int i = 0; i < servers.length; i++) {
            if (servers[i].available()) {
                last = i;
                left -= servers[i].weight();
                if (left <= 0) {
                    return i;
                }
            }
        }
        return last;
    }
}
