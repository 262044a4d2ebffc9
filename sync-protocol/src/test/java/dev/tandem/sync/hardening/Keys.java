package dev.tandem.sync.hardening;

import dev.tandem.sync.hardening.HardeningConfig.Mode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Keys for tests: the secret follows from the id. */
final class Keys {
    private Keys() {}

    static List<SyncKey> keys(int... ids) {
        return Arrays.stream(ids).mapToObj(Keys::key).toList();
    }

    static SyncKey key(int id) {
        return new SyncKey(id, ("a secret that is " + id).getBytes(StandardCharsets.UTF_8));
    }

    static HardeningConfig enforce(int... ids) {
        return new HardeningConfig(Mode.ENFORCE, keys(ids));
    }
}
