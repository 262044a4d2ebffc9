package dev.tandem.tools.chaos;

import java.util.Locale;

/**
 * What can happen in a round. Victims are named by what they are at that moment, so that a schedule
 * does not depend on who is master.
 */
enum Trouble {
    KILL_MASTER("the master is killed"),
    KILL_BACKUP("the backup is killed"),
    RESTART_MASTER("the master is killed and started again at once"),
    HANG_MASTER("the master hangs", true),
    HANG_BACKUP("the backup hangs"),
    PULL_MASTER_OUTSIDE("the master's cable to the clients is pulled"),
    PULL_MASTER_INSIDE("the master's cable to the servers is pulled"),
    PULL_MASTER("all cables of the master are pulled", true),
    CUT_MASTER("the master is cut off from the other nodes", true),
    PULL_BACKUP_OUTSIDE("the backup's cable to the clients is pulled"),
    PULL_BACKUP("all cables of the backup are pulled"),
    CUT_BACKUP("the backup is cut off from the other nodes"),
    DEAFEN_MASTER("the master hears no other node", true),
    DEAFEN_BACKUP("the backup hears no other node"),
    KILL_WITNESS("the witness is killed"),
    HANG_WITNESS("the witness hangs"),
    PLANNED("the master is told to hand over"),
    LOSE("10 % of the frames between the nodes are lost");

    private final String words;
    private final boolean silent;

    Trouble(String words) {
        this(words, false);
    }

    Trouble(String words, boolean silent) {
        this.words = words;
        this.silent = silent;
    }

    /** Whether the master merely falls silent, which a pair lets pass after a failover. */
    boolean silent() {
        return silent;
    }

    /** What happens, as a clause. */
    String words() {
        return words;
    }

    /** The name in lower case with dashes. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
