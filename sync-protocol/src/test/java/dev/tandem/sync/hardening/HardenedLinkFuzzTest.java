package dev.tandem.sync.hardening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tandem.sync.hardening.HardeningConfig.Mode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The trailer and what stands in its bodies, under a fuzzer. Its bytes are a script: datagrams as
 * they are, and such as only a holder of the key can make, with a right signature, in sessions that
 * proved themselves, addressed to the link; in between time passes and the role changes. Nothing
 * may be thrown, whoever wrote it, and without the key nothing may get through.
 */
class HardenedLinkFuzzTest {
    /** A holder of the key wrote it: magic, sync id and size are right, and so is the signature. */
    private static final int SIGNED = 1;

    /** The body begins with the session that the link has. */
    private static final int TO_LINK = 2;

    /** The body goes on with the nonce that the link sent last. */
    private static final int ANSWER = 4;

    /** The sender's session is one of a few, so that datagrams belong together. */
    private static final int FEW_SESSIONS = 8;

    /** The link becomes master, or is it no longer. */
    private static final int TURN_ROLE = 16;

    /** Time passes; how much says the datagram. */
    private static final int WAIT = 32;

    private static final long MILLI = 1_000_000;
    private static final int BODY_SESSION = 0;
    private static final int BODY_NONCE = 8;
    private static final int NONCE_LENGTH = 16;

    private final SimulatedWire wire = new SimulatedWire(1, 2);
    private final Signer signer = new Signer(Keys.keys(1));
    private long nowNs = MILLI;
    private boolean master;
    private long linkSession;
    private byte[] nonce = new byte[NONCE_LENGTH];
    private int read;

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20m")
    void shouldHoldForAnyDatagrams(byte[] script) {
        new HardenedLinkFuzzTest().play(script, Mode.ENFORCE);
        new HardenedLinkFuzzTest().play(script, Mode.PERMISSIVE);
    }

    /** What the fuzzer starts from has to be past the gates, or it would never get there. */
    @Test
    void shouldStartFromScriptsThatGetThrough() {
        List<LinkNode> nodes =
                seeds().map(seed -> new HardenedLinkFuzzTest().play(seed, Mode.ENFORCE)).toList();

        assertEquals(List.of(7), nodes.getFirst().heard);
        assertEquals(1, nodes.getFirst().roundsBegan);
        assertEquals(1, nodes.getFirst().roundsEnded);
        assertEquals(1, nodes.getFirst().status().provenSenders());
        assertTrue(nodes.get(1).status().verified() > 0);
    }

    /** Steps of one byte what, two bytes length, and a datagram. */
    private LinkNode play(byte[] script, Mode mode) {
        var config = new HardeningConfig(mode, Keys.keys(1));
        var node = new LinkNode(wire.open(), config);
        wire.recording = true;
        node.link.epoch(1);
        boolean signed = false;
        ByteBuffer steps = ByteBuffer.wrap(script);
        while (steps.remaining() >= 3) {
            int what = steps.get();
            int length = Short.toUnsignedInt(steps.getShort()) % (SimulatedWire.LENGTH + 1);
            byte[] datagram = new byte[Math.min(length, steps.remaining())];
            steps.get(datagram);
            if ((what & TURN_ROLE) != 0) {
                turnRole(node);
            }
            if ((what & WAIT) != 0) {
                nowNs += (datagram.length + 1) * MILLI;
            }
            if ((what & SIGNED) != 0 && datagram.length >= 8 + Trailer.LENGTH) {
                sign(datagram, what);
                signed = true;
            }
            wire.inject(datagram);
            node.turn(nowNs);
            listen();
        }
        HardeningStatus status = node.status();
        status.refused().forEach((name, count) -> assertTrue(count > 0, name));
        if (mode == Mode.ENFORCE) {
            assertEquals(0, status.plain());
            assertTrue(signed || node.heard.isEmpty(), "an unsigned record got through");
            assertTrue(signed || status.verified() == 0);
        }
        return node;
    }

    private void turnRole(LinkNode node) {
        master = !master;
        if (master) {
            node.link.own();
        } else {
            node.link.follow();
        }
    }

    private void sign(byte[] bytes, int what) {
        ByteBuffer datagram = ByteBuffer.wrap(bytes);
        datagram.put(1, (byte) LinkNode.SYNC_ID).putShort(2, (short) bytes.length);
        int trailer = Trailer.start(datagram);
        datagram.putInt(trailer + Trailer.MAGIC_OFFSET, Trailer.MAGIC);
        datagram.put(trailer + Trailer.VERSION_OFFSET, (byte) Trailer.VERSION);
        if ((what & FEW_SESSIONS) != 0) {
            int session = trailer + Trailer.SESSION_OFFSET;
            datagram.putLong(session, datagram.getLong(session) & 3);
        }
        int body = Trailer.body(datagram);
        int room = trailer - body;
        if (body >= 4 && (what & TO_LINK) != 0 && room >= Long.BYTES) {
            datagram.putLong(body + BODY_SESSION, linkSession);
        }
        if (body >= 4 && (what & ANSWER) != 0 && room >= BODY_NONCE + NONCE_LENGTH) {
            datagram.put(body + BODY_NONCE, nonce);
        }
        signer.sign(datagram);
    }

    /** Learns the link's session and nonce from what it sent, as any holder of the key can. */
    private void listen() {
        List<byte[]> sent = wire.recorded;
        for (; read < sent.size(); read++) {
            ByteBuffer datagram = ByteBuffer.wrap(sent.get(read));
            assertTrue(Trailer.isPresent(datagram));
            assertTrue(Trailer.isSound(datagram));
            assertEquals(null, signer.verify(datagram));
            linkSession = Trailer.session(datagram);
            if (TrailerKind.of(Trailer.kind(datagram)) == TrailerKind.CHALLENGE) {
                datagram.get(Trailer.body(datagram) + BODY_NONCE, nonce);
            }
        }
    }

    /** A session that is challenged and answers, its records, a gap, a round, questions. */
    static Stream<byte[]> seeds() {
        byte[] status = step(SIGNED | FEW_SESSIONS, TrailerKind.STATUS, 1, new byte[16]);
        byte[] proof =
                step(SIGNED | FEW_SESSIONS | TO_LINK | ANSWER, TrailerKind.PROOF, 0, first(32));
        byte[] data = step(SIGNED | FEW_SESSIONS, TrailerKind.DATA, 1, new byte[0]);
        byte[] gap = step(SIGNED | FEW_SESSIONS | WAIT, TrailerKind.DATA, 5, new byte[0]);
        byte[] begin = step(SIGNED | FEW_SESSIONS, TrailerKind.ROUND_BEGIN, 2, new byte[8]);
        byte[] end = step(SIGNED | FEW_SESSIONS, TrailerKind.ROUND_END, 3, new byte[8]);
        byte[] own = step(TURN_ROLE | WAIT, TrailerKind.DATA, 1, new byte[40]);
        byte[] request = step(SIGNED | TO_LINK, TrailerKind.REQUEST, 0, new byte[32]);
        byte[] table = step(SIGNED | TO_LINK, TrailerKind.TABLE_REQUEST, 0, new byte[16]);
        byte[] challenge = step(SIGNED | TO_LINK, TrailerKind.CHALLENGE, 0, new byte[24]);
        byte[] plain = LinkNode.plain(7);
        return Stream.of(
                join(status, proof, data, begin, end),
                join(data, proof, data, gap, gap, status),
                join(status, proof, begin, data, gap, end, own, status),
                join(own, request, table, challenge, own, data),
                join(step(0, plain), data, step(WAIT, plain)));
    }

    /** A body whose last i64 is 1: the sequence that comes next. */
    private static byte[] first(int length) {
        byte[] body = new byte[length];
        for (int at = 31; at < length; at += Long.BYTES) {
            body[at] = 1;
        }
        return body;
    }

    private static byte[] step(int what, TrailerKind kind, long sequence, byte[] body) {
        byte[] head = kind == TrailerKind.DATA ? LinkNode.plain(7) : new byte[] {0, 0, 0, 0, 0, 1};
        int trailer = (Math.max(head.length, 8) + body.length + 3) & -4;
        ByteBuffer datagram = ByteBuffer.allocate(trailer + Trailer.LENGTH);
        datagram.put(head);
        datagram.put(trailer - body.length, body);
        datagram.put(trailer + Trailer.KIND_OFFSET, (byte) kind.code());
        datagram.putShort(trailer + Trailer.KEY_OFFSET, (short) 1);
        datagram.putLong(trailer + Trailer.SESSION_OFFSET, 1);
        datagram.putLong(trailer + Trailer.EPOCH_OFFSET, 1);
        datagram.putLong(trailer + Trailer.SEQUENCE_OFFSET, sequence);
        datagram.putShort(trailer + Trailer.BODY_LENGTH_OFFSET, (short) body.length);
        byte[] bytes = new byte[datagram.capacity()];
        datagram.get(0, bytes);
        return step(what, bytes);
    }

    private static byte[] step(int what, byte[] datagram) {
        ByteBuffer step = ByteBuffer.wrap(new byte[3 + datagram.length]);
        step.put((byte) what).putShort((short) datagram.length).put(datagram);
        byte[] bytes = new byte[step.capacity()];
        step.get(0, bytes);
        return bytes;
    }

    private static byte[] join(byte[]... steps) {
        var script = new ByteArrayOutputStream();
        for (byte[] step : steps) {
            script.writeBytes(step);
        }
        return script.toByteArray();
    }
}
