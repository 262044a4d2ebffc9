package example;

import dev.tandem.director.sched.Candidate;
import dev.tandem.director.sched.Flow;
import dev.tandem.director.sched.Scheduler;
import dev.tandem.director.sched.SchedulerContext;
import dev.tandem.director.sched.SchedulerProvider;

/**
 * {@code first}: the first server of the list, the newest, that has a weight and is not overloaded.
 * With upper thresholds on the servers it fills one after the other.
 */
public final class FirstProvider implements SchedulerProvider {
    @Override
    public String name() {
        return "first";
    }

    @Override
    public Scheduler create(SchedulerContext context) {
        return new First();
    }

    private static final class First implements Scheduler {
        @Override
        public int pick(Candidate[] servers, Flow flow, long nowNs) {
            for (int i = 0; i < servers.length; i++) {
                if (servers[i].weight() != 0 && !servers[i].overloaded()) {
                    return i;
                }
            }
            return NONE;
        }
    }
}
