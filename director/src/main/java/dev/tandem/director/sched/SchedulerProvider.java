package dev.tandem.director.sched;

/** Makes schedulers of one kind; later to be found by {@link java.util.ServiceLoader}. */
public interface SchedulerProvider {
    /** The name by which services ask for it, as in {@code ipvsadm -s}. */
    String name();

    /** A scheduler for one virtual service. */
    Scheduler create();
}
