package dev.tandem.tools.config;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/**
 * Secrets of sync messages, a file each: one line of Base64, 16 to 1024 bytes when decoded,
 * readable by its owner alone. Text, so that no editor's newline becomes a part of the secret
 * unseen.
 */
public final class KeyFiles {
    static final int MIN_BYTES = 16;
    static final int MAX_BYTES = 1024;

    /** As long as what SHA-256 makes of it. */
    private static final int NEW_BYTES = 32;

    /** The longest secret in Base64, and a line's end. */
    private static final int MAX_TEXT = MAX_BYTES / 3 * 4 + 64;

    private static final Set<PosixFilePermission> OWNERS =
            EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE);

    /** Where secrets come from while a configuration is read. */
    interface Source {
        /**
         * The secret in a file.
         *
         * @throws IOException with a message to be read after the file's key in the configuration
         */
        byte[] read(Path file) throws IOException;
    }

    private KeyFiles() {}

    /** A check without the files: their secrets are not looked at. */
    static byte[] skip(Path file) {
        return new byte[MIN_BYTES];
    }

    /** Reads a file. */
    public static byte[] read(Path file) throws IOException {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (!OWNERS.containsAll(mode)) {
                throw new IOException(
                        file
                                + " has mode "
                                + PosixFilePermissions.toString(mode)
                                + ": others than its owner may use it; chmod 600 "
                                + file);
            }
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_TEXT) {
                throw new IOException(file + " is no key file; make one: tandem key " + file);
            }
            return decode(file, Files.readString(file, US_ASCII).strip());
        } catch (NoSuchFileException _) {
            throw new IOException("there is no file " + file + "; make it: tandem key " + file);
        } catch (java.nio.charset.CharacterCodingException _) {
            throw new IOException(file + " is not one line of Base64");
        }
    }

    private static byte[] decode(Path file, String text) throws IOException {
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            throw new IOException(file + " is not one line of Base64");
        }
        if (secret.length < MIN_BYTES || secret.length > MAX_BYTES) {
            throw new IOException(
                    "%s holds a key of %d bytes, but must hold %d to %d"
                            .formatted(file, secret.length, MIN_BYTES, MAX_BYTES));
        }
        return secret;
    }

    /**
     * Makes a file with a new key.
     *
     * @throws IOException when there is one already, or it cannot be written
     */
    public static void make(Path file) throws IOException {
        byte[] secret = new byte[NEW_BYTES];
        new SecureRandom().nextBytes(secret);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                file,
                Base64.getEncoder().encodeToString(secret) + "\n",
                US_ASCII,
                StandardOpenOption.WRITE);
    }
}
