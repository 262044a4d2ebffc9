package dev.tandem.sync.table;

import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.sync.table.TableException.Fault;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * One connection: reads and writes frames, which are signed when both sides have keys. One thread
 * reads, one writes. Never takes more memory for a frame than its reader brought.
 */
final class TableSocket implements AutoCloseable {
    private static final int MAGIC = 0x544E4454; // TNDT
    private static final int VERSION = 1;
    private static final int NONCE_LENGTH = 16;
    private static final int HELLO_LENGTH = 8 + NONCE_LENGTH;

    /** Who says nothing for so long while greeting, or takes nothing, is hung up on. */
    private static final int SILENCE_MS = 5000;

    /** A backup asks nothing while it takes a table, which lasts on a slow host. */
    private static final int TAKING_MS = 60_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private volatile long writingSinceNs;
    private volatile boolean writing;
    private @Nullable FrameSigner signer;
    private @Nullable FrameSigner verifier;

    TableSocket(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(SILENCE_MS);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** It has greeted and asked: it may be silent for longer from now on. */
    void bePatient() throws IOException {
        socket.setSoTimeout(TAKING_MS);
    }

    InetAddress peer() {
        return socket.getInetAddress();
    }

    /**
     * Both say hello, and agree on signing.
     *
     * @param server whether this is the side that was called
     * @throws TableException for one that we do not talk to
     */
    void greet(boolean server, int syncId, HardeningConfig hardening) throws IOException {
        byte[] own = new byte[NONCE_LENGTH];
        new SecureRandom().nextBytes(own);
        boolean signs = hardening.mode() != Mode.OFF;
        TableFrame hello = new TableFrame(HELLO_LENGTH);
        if (!server) {
            write(hello(hello, syncId, signs, own));
        }
        TableFrame theirs = new TableFrame(HELLO_LENGTH);
        read(theirs);
        ByteBuffer body = theirs.body();
        if (theirs.kind() != FrameKind.HELLO
                || body.remaining() != HELLO_LENGTH
                || body.getInt() != MAGIC) {
            throw new TableException(Fault.GARBAGE, "does not speak this protocol");
        }
        int version = body.get();
        if (version != VERSION) {
            throw new TableException(
                    Fault.GARBAGE,
                    "speaks version %d of this protocol, not %d".formatted(version, VERSION));
        }
        int theirId = Byte.toUnsignedInt(body.get());
        if (theirId != syncId && theirId != 0 && syncId != 0) {
            throw new TableException(
                    Fault.FOREIGN_SYNC_ID, "has syncid %d, not %d".formatted(theirId, syncId));
        }
        boolean theySign = body.get() == 1;
        if (hardening.mode() == Mode.ENFORCE && !theySign) {
            throw new TableException(Fault.UNSIGNED, "does not sign, and hardening is enforced");
        }
        byte[] other = new byte[NONCE_LENGTH];
        body.get(HELLO_LENGTH - NONCE_LENGTH, other);
        if (server) {
            write(hello(hello, syncId, signs, own));
        }
        if (signs && theySign) {
            byte[] client = server ? other : own;
            byte[] answering = server ? own : other;
            signer = new FrameSigner(hardening.keys(), server, client, answering);
            verifier = new FrameSigner(hardening.keys(), !server, client, answering);
        }
    }

    private static TableFrame hello(TableFrame frame, int syncId, boolean signs, byte[] nonce) {
        frame.begin(FrameKind.HELLO)
                .body()
                .putInt(MAGIC)
                .put((byte) VERSION)
                .put((byte) syncId)
                .put((byte) (signs ? 1 : 0))
                .put((byte) 0)
                .put(nonce)
                .flip();
        return frame;
    }

    /**
     * Reads the next frame.
     *
     * @throws TableException when it is none, is larger than the one given, or is not well signed
     */
    void read(TableFrame frame) throws IOException {
        byte[] bytes = frame.bytes();
        ByteBuffer whole = frame.whole();
        readFully(bytes, 0, TableFrame.HEADER_LENGTH);
        int end = TableFrame.LENGTH_BYTES + whole.getInt(0);
        int signature = verifier == null ? 0 : TableFrame.SIGNATURE_LENGTH;
        int bodyEnd = end - signature;
        FrameKind kind = FrameKind.of(bytes[TableFrame.KIND_OFFSET]);
        if (kind == null
                || bodyEnd < TableFrame.HEADER_LENGTH
                || bodyEnd > TableFrame.HEADER_LENGTH + frame.body().capacity()) {
            throw new TableException(Fault.GARBAGE, "sent no frame");
        }
        readFully(bytes, TableFrame.HEADER_LENGTH, end - TableFrame.HEADER_LENGTH);
        if (verifier != null) {
            String wrong = verifier.verify(frame, end);
            if (wrong != null) {
                throw new TableException(Fault.BAD_SIGNATURE, wrong);
            }
        }
        frame.read(kind, bodyEnd - TableFrame.HEADER_LENGTH);
    }

    private void readFully(byte[] bytes, int offset, int length) throws IOException {
        int read;
        try {
            read = in.readNBytes(bytes, offset, length);
        } catch (SocketTimeoutException e) {
            throw new TableException(
                    Fault.SILENT, "said nothing for %d ms".formatted(socket.getSoTimeout()));
        }
        if (read < length) {
            throw new EOFException("closed the connection");
        }
    }

    /** Writes a frame, waiting for as long as the other end's window is full. */
    void write(TableFrame frame) throws IOException {
        ByteBuffer whole = frame.whole();
        int end = frame.bodyEnd();
        int length = end + (signer == null ? 0 : TableFrame.SIGNATURE_LENGTH);
        whole.putInt(0, length - TableFrame.LENGTH_BYTES);
        whole.putInt(TableFrame.KIND_OFFSET, frame.kind().code() << 24);
        if (signer != null) {
            signer.sign(frame, end);
        }
        writingSinceNs = System.nanoTime();
        writing = true;
        try {
            out.write(frame.bytes(), 0, length);
        } finally {
            writing = false;
        }
    }

    /** Whether the other end has taken nothing for so long that it never will. */
    boolean isStalled(long nowNs) {
        return writing && nowNs - writingSinceNs > SILENCE_MS * 1_000_000L;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // there is nobody to tell
        }
    }
}
