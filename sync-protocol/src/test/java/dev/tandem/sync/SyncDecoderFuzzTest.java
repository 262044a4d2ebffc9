package dev.tandem.sync;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The decoder under a fuzzer that sees which branches its bytes reach. In a build only the captured
 * datagrams and earlier findings (resources, SyncDecoderFuzzTestInputs) are played; CONTRIBUTING
 * says how to look for new ones.
 */
class SyncDecoderFuzzTest {
    private static final int MAX_LENGTH = 65_507;

    /** As it came, and with a size field that agrees, or few inputs would get past it. */
    @MethodSource("dev.tandem.sync.Capture#everyDatagram")
    @FuzzTest(maxDuration = "20m")
    void shouldHoldForAnyDatagram(byte[] bytes) {
        if (bytes.length > MAX_LENGTH) {
            return;
        }
        DecoderInvariants.check(bytes, 1);
        DecoderInvariants.check(bytes, 0);
        if (bytes.length >= 4) {
            byte[] sized = bytes.clone();
            ByteBuffer.wrap(sized).putShort(2, (short) sized.length);
            DecoderInvariants.check(sized, 0);
        }
    }
}
