package dev.tandem.sync.hardening;

/**
 * Told of the table rounds of a master, in their place between its messages: what {@link
 * HardenedLink#receive} returned before came before. Called on the worker's thread from within
 * {@link HardenedLink#receive}.
 */
public interface TableRepair {
    /** Nobody to tell. */
    TableRepair NONE =
            new TableRepair() {
                @Override
                public void roundBegan() {}

                @Override
                public void roundEnded() {}
            };

    /** All entries of the master's table follow. A round may begin anew before it has ended. */
    void roundBegan();

    /** All of them were received: what the round did not touch, the master does not have. */
    void roundEnded();
}
