/**
 * The schedulers, which pick a real server for a new connection, and what a user writes to add one.
 *
 * <p>A scheduler of one's own is a {@link dev.tandem.director.sched.SchedulerProvider} in a jar,
 * found by {@link java.util.ServiceLoader}; it makes a {@link dev.tandem.director.sched.Scheduler}
 * for each service that asks for its name, and that one picks among {@link
 * dev.tandem.director.sched.Candidate}s for a {@link dev.tandem.director.sched.Flow}. These
 * interfaces are kept compatible; an example stands in {@code director/examples/scheduler}.
 */
@NullMarked
package dev.tandem.director.sched;

import org.jspecify.annotations.NullMarked;
