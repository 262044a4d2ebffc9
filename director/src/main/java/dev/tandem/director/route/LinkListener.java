package dev.tandem.director.route;

/** Told of interfaces that come and go. */
@FunctionalInterface
public interface LinkListener {
    /**
     * An interface changed its state; called once per change on the thread "rtnetlink", which must
     * not be held up.
     *
     * @param up administratively up and with carrier; false also when the interface vanished
     */
    void linkChanged(String interfaceName, boolean up);
}
