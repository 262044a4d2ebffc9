package dev.tandem.failover.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tandem.failover.core.Action;
import dev.tandem.failover.core.Action.Phase;
import dev.tandem.failover.group.GroupCodec.Envelope;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GroupCodecTest {

    static List<GroupMessage> messages() {
        return List.of(
                new GroupMessage.Hello(),
                new GroupMessage.Grant(7),
                new GroupMessage.Taken(7, 12, 345),
                new GroupMessage.HandOver("a-1-1", "b", true),
                new GroupMessage.Refused("a-1-1", "b is 12 records behind"),
                new GroupMessage.Done(
                        new Action.Report(
                                "a-1-1",
                                "command",
                                "a",
                                "b",
                                7,
                                List.of(new Phase("flush", 5), new Phase("take", 6)),
                                12,
                                "evidence – ünïcode")),
                new GroupMessage.Document(""),
                new GroupMessage.Document("a document – ünïcode"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldReadWhatWasWritten(GroupMessage message) {
        byte[] bytes = GroupCodec.encode("a", message);
        assertEquals(new Envelope("a", message), GroupCodec.decode(bytes, 0, bytes.length));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldRefuseEveryPartOfAMessage(GroupMessage message) {
        byte[] bytes = GroupCodec.encode("a", message);
        for (int length = 0; length < bytes.length; length++) {
            assertNull(GroupCodec.decode(bytes, 0, length));
        }
    }

    @Test
    void shouldReadADocumentOfTheGreatestLengthAndRefuseALongerOne() {
        var most = new GroupMessage.Document("x".repeat(GroupMessage.Document.MAX_BYTES));
        byte[] bytes = GroupCodec.encode("a", most);
        assertEquals(new Envelope("a", most), GroupCodec.decode(bytes, 0, bytes.length));

        bytes = GroupCodec.encode("a", new GroupMessage.Document(most.text() + "x"));
        assertNull(GroupCodec.decode(bytes, 0, bytes.length));
    }

    @Test
    void shouldRefuseADocumentThatIsNoTextOrHasSomethingBehind() {
        byte[] bytes = GroupCodec.encode("a", new GroupMessage.Document("xy"));
        assertNull(GroupCodec.decode(Arrays.copyOf(bytes, bytes.length + 1), 0, bytes.length + 1));
        bytes[bytes.length - 2] = (byte) 0xC3;
        assertNull(GroupCodec.decode(bytes, 0, bytes.length));
    }

    @Test
    void shouldNeverThrowWhateverTheBytes() {
        SplittableRandom random = new SplittableRandom(5);
        List<GroupMessage> messages = messages();
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = GroupCodec.encode("a", messages.get(random.nextInt(messages.size())));
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            var _ = GroupCodec.decode(bytes, 0, bytes.length);
        }
    }
}
