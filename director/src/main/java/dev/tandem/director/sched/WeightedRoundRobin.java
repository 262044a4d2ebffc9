package dev.tandem.director.sched;

/**
 * {@code wrr}: in each turn a server is picked as many times as its weight says, the picks spread
 * over the turn.
 *
 * <p>The list is walked again and again while a bar is lowered from the greatest weight to the
 * least: a server is picked when its weight reaches the bar. The step is the greatest common
 * divisor of the weights. The bar is carried over when the list changes, so the first turn after
 * adding servers one by one differs from the turns that follow, as in the kernel.
 */
final class WeightedRoundRobin implements Scheduler {
    /** Index of the last pick; -1: before the head of the list. */
    private int last = -1;

    /** The bar (the kernel's cw). */
    private int bar;

    /** Where the bar starts a turn (the kernel's mw): greatest weight - (step - 1). */
    private int top;

    /** By how much the bar is lowered (the kernel's di). */
    private int step = 1;

    @Override
    public int pick(Candidate[] servers, Flow flow, long nowNs) {
        int reachable = greatestAvailableWeight(servers);
        if (top == 0 || reachable == 0) {
            return NONE;
        }
        // Ends in the second pass at the latest: the bar is then within some server's reach.
        for (int index = last + 1; ; index++) {
            if (index >= servers.length) {
                lowerBar(reachable);
                index = 0;
            }
            if (servers[index].weight() >= bar && servers[index].available()) {
                last = index;
                return index;
            }
        }
    }

    @Override
    public void bound(Candidate[] servers) {
        measure(servers);
        last = -1;
        bar = top;
    }

    @Override
    public void added(Candidate[] servers) {
        listChanged(servers);
    }

    @Override
    public void removed(Candidate[] servers, int index) {
        listChanged(servers);
    }

    @Override
    public void edited(Candidate[] servers) {
        listChanged(servers);
    }

    private void listChanged(Candidate[] servers) {
        measure(servers);
        last = -1;
        if (bar > top || bar == 0) {
            bar = top;
        } else if (step > 1) {
            bar = bar / step * step + 1;
        }
    }

    private void measure(Candidate[] servers) {
        int divisor = 0;
        int greatest = 0;
        for (Candidate server : servers) {
            divisor = gcd(server.weight(), divisor);
            greatest = Math.max(greatest, server.weight());
        }
        step = Math.max(divisor, 1);
        top = greatest - (step - 1);
    }

    /**
     * One step down, or back to the top. Then, in one go, the further steps down for which nobody
     * would be picked: with the heavy servers overloaded that may be millions.
     */
    private void lowerBar(int reachable) {
        bar -= step;
        if (bar <= 0) {
            bar = top;
        }
        if (bar > reachable) {
            int steps = (int) (((long) bar - reachable + step - 1) / step);
            bar -= steps * step;
        }
    }

    private static int greatestAvailableWeight(Candidate[] servers) {
        int greatest = 0;
        for (Candidate server : servers) {
            if (server.available()) {
                greatest = Math.max(greatest, server.weight());
            }
        }
        return greatest;
    }

    static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
