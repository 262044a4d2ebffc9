package dev.tandem.sync.hardening;

import java.util.Map;

/**
 * What a hardened link has done, and how it stands.
 *
 * @param mode as configured
 * @param epoch of this node's own messages; 0 when it never was master
 * @param highestEpoch highest that was ever believed, one's own included
 * @param provenSenders senders that are known to live and to be no deposed masters
 * @param masterEntries entries in the master's table, as it last told
 * @param lagMs since when a datagram is missing; 0 when everything known to be sent was taken
 * @param tableWanted whether only a table round can make this table the master's again
 * @param verified datagrams taken that had a good trailer
 * @param plain datagrams taken that had none, in permissive mode
 * @param repaired datagrams that arrived because they had been asked for
 * @param lost datagrams given up, for which table rounds were asked
 * @param resent datagrams sent again because a peer had asked
 * @param roundsSent table rounds sent
 * @param roundsTaken table rounds received whole
 * @param controlDrops control messages not sent because no buffer was free
 * @param refused datagrams refused, by {@link Refusal}; only those that occurred
 */
public record HardeningStatus(
        HardeningConfig.Mode mode,
        long epoch,
        long highestEpoch,
        int provenSenders,
        int masterEntries,
        long lagMs,
        boolean tableWanted,
        long verified,
        long plain,
        long repaired,
        long lost,
        long resent,
        long roundsSent,
        long roundsTaken,
        long controlDrops,
        Map<String, Long> refused) {
    public HardeningStatus {
        refused = Map.copyOf(refused);
    }
}
