package dev.tandem.sync.hardening;

import dev.tandem.sync.SyncDecoder;
import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.SyncVerdict;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A node that says numbers (client addresses of records) and notes those it hears. */
final class LinkNode {
    static final int SYNC_ID = 9;

    final SimulatedWire.Port port;
    final HardenedLink link;
    final List<Integer> heard = new ArrayList<>();
    int roundsBegan;
    int roundsEnded;
    private final SyncEncoder encoder = new SyncEncoder(SYNC_ID, SimulatedWire.LENGTH);
    private final SyncDecoder decoder = new SyncDecoder();

    LinkNode(SimulatedWire.Port port, HardeningConfig config) {
        this(port, new HardenedLink(port, SYNC_ID, config));
    }

    private LinkNode(SimulatedWire.Port port, HardenedLink link) {
        this.port = port;
        this.link = link;
        link.repair(
                new TableRepair() {
                    @Override
                    public void roundBegan() {
                        roundsBegan++;
                    }

                    @Override
                    public void roundEnded() {
                        roundsEnded++;
                    }
                });
    }

    static LinkNode silent(SimulatedWire.Port port, HardeningConfig config) {
        return new LinkNode(port, HardenedLink.listenOnly(port, SYNC_ID, config));
    }

    void own(long epoch) {
        link.epoch(epoch);
        link.own();
    }

    void say(int number) {
        say(0, number);
    }

    void say(int stream, int number) {
        ByteBuffer buffer = Objects.requireNonNull(link.claim(stream));
        write(encoder, buffer, number);
        link.send(buffer);
    }

    /** A message as a kernel would send it. */
    static byte[] plain(int number) {
        ByteBuffer buffer = ByteBuffer.allocate(SimulatedWire.LENGTH);
        write(new SyncEncoder(SYNC_ID, SimulatedWire.LENGTH), buffer, number);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static void write(SyncEncoder encoder, ByteBuffer buffer, int number) {
        SyncRecord record = new SyncRecord();
        encoder.wrap(buffer);
        encoder.claim(record, false);
        record.protocol(IpProtocol.UDP).clientAddress(number).timeoutSeconds(1);
        encoder.finish();
    }

    void turn(long nowNs) {
        link.doWork(nowNs);
        for (ByteBuffer datagram = link.receive(); datagram != null; datagram = link.receive()) {
            decoder.decode(datagram, SYNC_ID, record -> heard.add(record.clientAddress()));
            link.release(datagram);
        }
        if (link.takeTableRequest()) {
            link.beginRound();
            link.endRound();
        }
    }

    /** Messages that only the decoder refused, for their sync id. */
    long foreign() {
        return decoder.counters().of(SyncVerdict.FOREIGN_SYNC_ID);
    }

    HardeningStatus status() {
        return link.status();
    }

    long refused(Refusal refusal) {
        return status().refused().getOrDefault(refusal.name(), 0L);
    }
}
