package dev.tandem.failover.core;

import org.jspecify.annotations.Nullable;

/** A state with what belongs to it alone; it is gone when the state is left. */
sealed interface Role {

    State state();

    /**
     * Listens.
     *
     * @param untilNs end of the time of listening
     */
    record Init(long untilNs) implements Role {
        @Override
        public State state() {
            return State.INIT;
        }
    }

    /**
     * Pulls the table of a master.
     *
     * @param loss why it has no master now; null while it has one
     */
    record Syncing(@Nullable Loss loss) implements Role {
        @Override
        public State state() {
            return State.SYNCING;
        }
    }

    /**
     * Follows a master or waits for one.
     *
     * @param loss why it has no master now; null while it has one
     * @param notBeforeNs when it may stand as candidate, where something speaks for a little wait
     * @param readySinceNs since when nothing but a healthy master of lower priority has kept it
     *     from being master
     */
    record Backup(@Nullable Loss loss, long notBeforeNs, long readySinceNs) implements Role {
        @Override
        public State state() {
            return State.BACKUP;
        }

        static Backup following(long nowNs) {
            return new Backup(null, nowNs, nowNs);
        }
    }

    /**
     * Stands for master.
     *
     * @param loss what made it stand
     * @param silentSinceNs when the probe was over and had stayed silent; null while it lasts
     */
    record Candidate(Loss loss, @Nullable Long silentSinceNs) implements Role {
        @Override
        public State state() {
            return State.CANDIDATE;
        }
    }

    /**
     * Owns the addresses.
     *
     * @param leaseUntilNs what the director was last told
     * @param taken whether the director has said that it has the addresses
     * @param story the report to give when it has; null when there is nothing to tell
     * @param granted whether the former master waits for an acknowledgement
     * @param announcedNs when the addresses were last announced out of turn
     */
    record Master(
            long leaseUntilNs,
            boolean taken,
            @Nullable Story story,
            boolean granted,
            long announcedNs)
            implements Role {
        @Override
        public State state() {
            return State.MASTER;
        }

        Master leasedUntil(long untilNs) {
            return new Master(untilNs, taken, story, granted, announcedNs);
        }

        Master announcedAt(long nowNs) {
            return new Master(leaseUntilNs, taken, story, granted, nowNs);
        }

        Master afterTaking() {
            return new Master(leaseUntilNs, true, null, false, announcedNs);
        }
    }

    /** How far a handover has come. */
    enum Stage {
        /** The director sends what the target has not yet; it still owns the addresses. */
        FLUSH,
        /** The director falls silent for the addresses. */
        SILENCE,
        /** The target has the grant. */
        GRANT
    }

    /** What a node becomes when it has handed over. */
    enum Then {
        /** A backup. */
        FOLLOW,
        /** Nothing: it stops. */
        STOP,
        /** Kept from owning the addresses. */
        MAINTENANCE
    }

    /**
     * Passes the addresses on.
     *
     * @param stage how far it has come
     * @param target who shall have the addresses
     * @param then what it becomes
     * @param targetTook whether a heartbeat showed that the target has them
     * @param grantedEpoch the target's epoch, from GRANT on
     * @param deadlineNs when the stage under way counts as failed
     * @param leaseUntilNs what the director was last told
     * @param story the report so far
     */
    record Handover(
            Stage stage,
            String target,
            Then then,
            boolean targetTook,
            long grantedEpoch,
            long deadlineNs,
            long leaseUntilNs,
            Story story)
            implements Role {
        @Override
        public State state() {
            return State.HANDOVER;
        }

        Handover at(Stage next, long nextGrantedEpoch, long nextDeadlineNs, Story nextStory) {
            return new Handover(
                    next,
                    target,
                    then,
                    targetTook,
                    nextGrantedEpoch,
                    nextDeadlineNs,
                    leaseUntilNs,
                    nextStory);
        }

        Handover leasedUntil(long untilNs) {
            return new Handover(
                    stage, target, then, targetTook, grantedEpoch, deadlineNs, untilNs, story);
        }

        Handover withTargetTook() {
            return new Handover(
                    stage, target, then, true, grantedEpoch, deadlineNs, leaseUntilNs, story);
        }

        Handover withThenStop() {
            return new Handover(
                    stage,
                    target,
                    Then.STOP,
                    targetTook,
                    grantedEpoch,
                    deadlineNs,
                    leaseUntilNs,
                    story);
        }
    }

    /**
     * Waits for the answer to its probe.
     *
     * @param sinceNs when the probe was sent
     * @param again whether it is the second one. Where a gateway decides there are two: when the
     *     first one was sent, the node may have been cut off from who took its place, and from the
     *     gateway with it. Where votes decide there is a second one if they have not come yet
     */
    record Fenced(long sinceNs, boolean again) implements Role {
        @Override
        public State state() {
            return State.FENCED;
        }
    }

    /**
     * Cannot work.
     *
     * @param cause what the director said
     * @param cleared whether it has taken that back
     * @param clearedNs when it did
     * @param isolated whether it was a master that nobody was heard by, not the director
     */
    record Fault(String cause, boolean cleared, long clearedNs, boolean isolated) implements Role {
        @Override
        public State state() {
            return State.FAULT;
        }

        Fault cleared(boolean nowCleared, long nowNs) {
            return new Fault(cause, nowCleared, nowNs, isolated);
        }
    }

    /** Kept from owning the addresses by the operator. */
    record Maintenance() implements Role {
        @Override
        public State state() {
            return State.MAINTENANCE;
        }
    }

    /** Votes. */
    record Witness() implements Role {
        @Override
        public State state() {
            return State.WITNESS;
        }
    }

    /** The end. */
    record Stopped() implements Role {
        @Override
        public State state() {
            return State.STOPPED;
        }
    }
}
