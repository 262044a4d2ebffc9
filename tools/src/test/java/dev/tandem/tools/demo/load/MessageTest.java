package dev.tandem.tools.demo.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class MessageTest {
    private static final int FLOW = 499;
    private static final int SERVER = 2;
    private static final long SEQUENCE = 12345;

    private final ByteBuffer message = ByteBuffer.allocate(Message.LENGTH);

    @Test
    void shouldMatchWhenNothingWasTouched() {
        Message.put(message, FLOW, SERVER, SEQUENCE);

        assertTrue(Message.matches(message, 0, FLOW, SERVER, SEQUENCE));
        assertEquals(0, message.remaining());
    }

    @Test
    void shouldNotMatchWhenAnySingleBitWasFlipped() {
        Message.put(message, FLOW, SERVER, SEQUENCE);

        for (int bit = 0; bit < Message.LENGTH * Byte.SIZE; bit++) {
            flip(bit);
            assertFalse(
                    Message.matches(message, 0, FLOW, SERVER, SEQUENCE), "bit " + bit + " flipped");
            flip(bit);
        }
    }

    @Test
    void shouldNotMatchWhenItBelongsElsewhere() {
        Message.put(message, FLOW, SERVER, SEQUENCE);

        assertFalse(Message.matches(message, 0, FLOW + 1, SERVER, SEQUENCE));
        assertFalse(Message.matches(message, 0, FLOW, SERVER + 1, SEQUENCE));
        assertFalse(Message.matches(message, 0, FLOW, SERVER, SEQUENCE + 1));
    }

    private void flip(int bit) {
        int at = bit / Byte.SIZE;
        message.put(at, (byte) (message.get(at) ^ (1 << (bit % Byte.SIZE))));
    }
}
