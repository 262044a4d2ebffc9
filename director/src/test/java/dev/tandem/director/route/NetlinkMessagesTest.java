package dev.tandem.director.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class NetlinkMessagesTest {
    private final ByteBuffer buffer = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());

    private void message(int length, int type, int sequence) {
        buffer.putInt(length).putShort((short) type).putShort((short) 2);
        buffer.putInt(sequence).putInt(0);
    }

    @Test
    void shouldWalkMessagesAndTheirPadding() {
        message(18, 16, 5);
        buffer.putInt(0x1234);
        message(20, Rtnetlink.NLMSG_ERROR, 6);
        buffer.putInt(-105);
        NetlinkMessages messages = new NetlinkMessages(buffer, buffer.position());
        assertTrue(messages.next());
        assertEquals(16, messages.type());
        assertEquals(2, messages.end() - messages.body());
        assertTrue(messages.next());
        assertEquals(6, messages.sequence());
        assertEquals(105, messages.errno());
        assertFalse(messages.next());
    }

    @Test
    void shouldStopWhenLengthIsImpossible() {
        for (int length : new int[] {0, 15, 21, -1, Integer.MIN_VALUE}) {
            buffer.clear();
            message(length, 16, 1);
            buffer.putInt(0);
            assertFalse(new NetlinkMessages(buffer, 20).next(), "length " + length);
        }
        assertFalse(new NetlinkMessages(buffer, 15).next());
    }
}
