package dev.tandem.failover.group;

/** Told what happens in the group, on the group's own thread; hands over and returns at once. */
public interface GroupListener {

    /** A peer's process is in the view. */
    void joined(String node);

    void received(String from, GroupMessage message);

    /** A message could not be sent: the receiver is not in the view. */
    void undelivered(String to, GroupMessage message);
}
