package dev.tandem.failover.group;

import dev.tandem.failover.core.Action;

/** What the nodes tell each other over the group, always from one to one. */
public sealed interface GroupMessage {

    /** Names the sender, whose address in the group says nothing. */
    record Hello() implements GroupMessage {}

    /** The receiver shall own the addresses, in this epoch. */
    record Grant(long epoch) implements GroupMessage {}

    /** The sender owns them now; it took {@code tookNs} from the grant's arrival. */
    record Taken(long epoch, int connections, long tookNs) implements GroupMessage {}

    /**
     * The receiver, being master, shall hand over to {@code target}, or to any if that is empty.
     */
    record HandOver(String id, String target, boolean forced) implements GroupMessage {}

    /** The command {@code id} is not done, and why. */
    record Refused(String id, String reason) implements GroupMessage {}

    /** The command of {@code report.id()} is done. */
    record Done(Action.Report report) implements GroupMessage {}

    /** Something that the nodes' owners tell each other; means nothing to the failover layer. */
    record Document(String text) implements GroupMessage {
        /** Most bytes of the text in UTF-8. */
        public static final int MAX_BYTES = 1 << 20;

        /** It may be long. */
        @Override
        public String toString() {
            return "Document of %d characters".formatted(text.length());
        }
    }
}
