package dev.tandem.failover.seal;

import dev.tandem.sync.hardening.SyncKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Keys for one purpose each, from the secret that the nodes share: HKDF with SHA-256 (RFC 5869), so
 * that nothing made for one purpose is ever taken for another.
 */
public final class DerivedKeys {
    private static final int BYTES = 32;

    private DerivedKeys() {}

    /**
     * A key of 32 bytes.
     *
     * @param algorithm what it is for in the words of the JCA
     * @param purpose tells it apart from keys for anything else
     * @param salt makes another key for the same purpose; may be empty
     */
    public static SecretKey derive(SyncKey key, String algorithm, String purpose, byte[] salt) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            algorithm,
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(key.secret())
                                    .addSalt(salt)
                                    .thenExpand(
                                            ("tandem " + purpose)
                                                    .getBytes(StandardCharsets.US_ASCII),
                                            BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HKDF-SHA256", e);
        }
    }
}
