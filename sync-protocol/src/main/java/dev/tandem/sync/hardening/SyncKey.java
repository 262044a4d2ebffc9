package dev.tandem.sync.hardening;

/**
 * A key that nodes of a cluster share.
 *
 * @param id 0 to 65535, named in each message that it signs
 * @param secret 16 to 1024 bytes; belongs to this record from now on
 */
@SuppressWarnings("ArrayRecordComponent") // keys are found by id and never compared
public record SyncKey(int id, byte[] secret) {
    /** Never shows the secret. */
    @Override
    public String toString() {
        return "key " + id;
    }
}
