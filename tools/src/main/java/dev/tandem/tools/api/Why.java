package dev.tandem.tools.api;

import java.util.List;

/**
 * Answer to {@code GET /v1/why}: why a node is what it is, and what would follow if the master
 * died.
 *
 * @param reason why it is in this state
 * @param whyNotMaster empty for a master
 * @param whyNotReady why it could not take over; empty when it could, or has
 * @param votes who votes for whom, this node first; empty where nobody votes
 * @param gateway whom the gateway answers that decides, in words; empty where none does
 * @param heir who would be master if the master died now; empty: nobody
 * @param ifMasterDied how that would come, or why it would not
 * @param tracked what changes the priority or is a fault
 */
public record Why(
        String node,
        String cluster,
        String state,
        long epoch,
        String master,
        String reason,
        String whyNotMaster,
        String whyNotReady,
        int priority,
        List<Vote> votes,
        String gateway,
        String heir,
        String ifMasterDied,
        List<Status.Tracked> tracked) {

    /**
     * A node's vote.
     *
     * @param votesFor empty: for nobody
     * @param heardMs age of the heartbeat that said so; 0 for this node, -1 when it was never heard
     */
    public record Vote(String node, String votesFor, long epoch, long heardMs) {}
}
