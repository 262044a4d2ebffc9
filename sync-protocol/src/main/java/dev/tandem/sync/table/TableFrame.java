package dev.tandem.sync.table;

import java.nio.ByteBuffer;

/**
 * A frame, in memory of its own that is used again and again. Belongs to whoever got it last.
 *
 * <pre>
 *       0       1       2       3       4       8
 *    +-------+-------+-------+-------+-------+------ … ------+-------+------ … -----+
 *    | length (u32), of what follows | kind  | 0     0     0 | position (u32)       |
 *    +-------------------------------+-------+---------------+----------------------+
 *    | body, 0 to {@link #MAX_BODY} bytes                     | key id (u16), MAC (16): when signed
 *    +-------------------------------------------------------+----------------------+
 * </pre>
 */
public final class TableFrame {
    /** Most bytes of a body. */
    public static final int MAX_BODY = 49_216;

    static final int KIND_OFFSET = 4;
    static final int POSITION_OFFSET = 8;
    static final int HEADER_LENGTH = 12;
    static final int SIGNATURE_LENGTH = 18;
    static final int LENGTH_BYTES = 4;

    private final byte[] bytes;
    private final ByteBuffer whole;
    private final ByteBuffer body;
    private FrameKind kind = FrameKind.HELLO;

    TableFrame(int maxBody) {
        bytes = new byte[HEADER_LENGTH + maxBody + SIGNATURE_LENGTH];
        whole = ByteBuffer.wrap(bytes);
        body = whole.slice(HEADER_LENGTH, maxBody);
    }

    /** Empties it, to become one of this kind. */
    public TableFrame begin(FrameKind kind) {
        this.kind = kind;
        position(0);
        body.clear();
        return this;
    }

    public FrameKind kind() {
        return kind;
    }

    /** From position to limit the body; a sender leaves it so. */
    public ByteBuffer body() {
        return body;
    }

    /** A slot of the sender's table, see {@link FrameKind}; u32. */
    public int position() {
        return whole.getInt(POSITION_OFFSET);
    }

    public void position(int slot) {
        whole.putInt(POSITION_OFFSET, slot);
    }

    byte[] bytes() {
        return bytes;
    }

    ByteBuffer whole() {
        return whole;
    }

    /** Where the body of a frame to be sent ends. */
    int bodyEnd() {
        return HEADER_LENGTH + body.limit();
    }

    /** What was read becomes the kind and the body, which is to be read from its start. */
    void read(FrameKind kind, int bodyLength) {
        this.kind = kind;
        body.position(0).limit(bodyLength);
    }
}
