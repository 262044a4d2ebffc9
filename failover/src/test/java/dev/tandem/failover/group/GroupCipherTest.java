package dev.tandem.failover.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.failover.group.GroupCipher.Refused;
import dev.tandem.sync.hardening.SyncKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupCipherTest {
    private static final SyncKey OLD = new SyncKey(1, "an old secret....".getBytes(UTF_8));
    private static final SyncKey NEXT = new SyncKey(2, "the next secret..".getBytes(UTF_8));
    private static final String TEXT = "grant of epoch 7";

    private final GroupCipher sender = new GroupCipher(List.of(OLD));
    private final GroupCipher receiver = new GroupCipher(List.of(NEXT, OLD));

    private static byte[] encrypt(GroupCipher cipher) {
        byte[] text = ("xx" + TEXT).getBytes(UTF_8);
        return cipher.encrypt(text, 2, TEXT.length());
    }

    private static String decrypt(GroupCipher cipher, byte[] bytes) throws Refused {
        return new String(cipher.decrypt(bytes, 0, bytes.length), UTF_8);
    }

    private static String refusal(GroupCipher cipher, byte[] bytes) {
        return String.valueOf(
                assertThrows(Refused.class, () -> decrypt(cipher, bytes)).getMessage());
    }

    @Test
    void shouldReadWhatAnyOfItsKeysWrote() throws Refused {
        assertEquals(TEXT, decrypt(receiver, encrypt(sender)));
        assertEquals(TEXT, decrypt(receiver, encrypt(receiver)), "its own, looped back");
        assertFalse(new String(encrypt(sender), UTF_8).contains("grant"));
    }

    @Test
    void shouldTakeNothingTwiceWhenKeysAreChanged() throws Refused {
        byte[] recorded = encrypt(sender);
        assertEquals(TEXT, decrypt(receiver, recorded));
        receiver.keys(List.of(new SyncKey(OLD.id(), OLD.secret().clone()), NEXT));
        assertEquals("it was recorded before", refusal(receiver, recorded));
        sender.keys(List.of(NEXT, OLD));
        assertEquals(TEXT, decrypt(receiver, encrypt(sender)));
        receiver.keys(List.of(NEXT));
        assertEquals(
                "it is encrypted by a key whose id this node has not", refusal(receiver, recorded));
        assertEquals(TEXT, decrypt(receiver, encrypt(sender)));
    }

    @Test
    void shouldReadOutOfAnyPlaceInABuffer() throws Refused {
        byte[] bytes = encrypt(sender);
        byte[] larger = new byte[bytes.length + 9];
        System.arraycopy(bytes, 0, larger, 5, bytes.length);
        assertEquals(TEXT, new String(receiver.decrypt(larger, 5, bytes.length), UTF_8));
    }

    @Test
    void shouldRefuseOtherKeys() {
        assertEquals(
                "it is encrypted by a key whose id this node has not",
                refusal(sender, encrypt(receiver)));
        GroupCipher other = new GroupCipher(List.of(new SyncKey(1, new byte[16])));
        assertEquals(
                "it is encrypted by another key with an id that this node has",
                refusal(receiver, encrypt(other)));
        assertEquals(
                "it is not encrypted, and this node has failover.keys",
                refusal(receiver, TEXT.repeat(9).getBytes(UTF_8)));
        assertEquals(
                "it is not encrypted, and this node has failover.keys",
                refusal(receiver, new byte[0]));
    }

    @Test
    void shouldRefuseWhateverWasChanged() throws Refused {
        byte[] bytes = encrypt(sender);
        for (int at = 0; at < bytes.length; at++) {
            byte[] changed = bytes.clone();
            changed[at] ^= 4;
            refusal(receiver, changed);
        }
        assertEquals(TEXT, decrypt(receiver, bytes), "none of them used its number up");
    }

    @Test
    void shouldTakeEachMessageOnceInWhateverOrder() throws Refused {
        List<byte[]> messages = new ArrayList<>();
        for (int i = 0; i <= GroupCipher.WINDOW + 1; i++) {
            messages.add(encrypt(sender));
        }
        int newest = GroupCipher.WINDOW + 1;
        decrypt(receiver, messages.get(1));
        decrypt(receiver, messages.get(newest));
        decrypt(receiver, messages.get(newest - 2));
        decrypt(receiver, messages.get(newest - GroupCipher.WINDOW + 1));
        for (int again : List.of(newest, newest - 2, newest - GroupCipher.WINDOW + 1, 0, 1)) {
            assertEquals("it was recorded before", refusal(receiver, messages.get(again)));
        }
    }
}
