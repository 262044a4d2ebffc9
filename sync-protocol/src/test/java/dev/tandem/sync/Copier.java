package dev.tandem.sync;

import dev.tandem.sync.wire.SyncOption;
import dev.tandem.sync.wire.SyncOptions;
import dev.tandem.sync.wire.SyncRecord;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Writes again what was read: all fields and all known options, in the order of a kernel. */
final class Copier implements SyncRecordHandler {
    private final ByteBuffer buffer;
    private final SyncEncoder encoder;
    private final SyncRecord written = new SyncRecord();
    private final byte[] engineData = new byte[SyncOption.MAX_PE_DATA_LENGTH];
    private final byte[] engineName = new byte[SyncOption.MAX_PE_NAME_LENGTH];

    /**
     * @param room bytes that the message may have; the buffer is full of what an earlier message
     *     left
     */
    Copier(int syncId, int version, int room) {
        byte[] dirty = new byte[Math.max(room, SyncEncoder.MIN_LENGTH)];
        Arrays.fill(dirty, (byte) 0xEE);
        buffer = ByteBuffer.wrap(dirty);
        encoder = new SyncEncoder(syncId, dirty.length, version);
        encoder.wrap(buffer);
    }

    @Override
    public void onRecord(SyncRecord record) {
        SyncOptions options = record.options();
        int length =
                SyncOption.length(
                        options.hasSequence(),
                        options.engineDataLength(),
                        options.engineNameLength());
        if (!encoder.claim(written, record.isIpv6(), length)) {
            throw new AssertionError("no room for what was read from no larger datagram");
        }
        written.protocol(record.protocol())
                .flags(record.flags())
                .state(record.state())
                .clientPort(record.clientPort())
                .virtualPort(record.virtualPort())
                .realPort(record.realPort())
                .fwmark(record.fwmark())
                .timeoutSeconds(record.timeoutSeconds());
        if (record.isIpv6()) {
            written.clientAddress(record.clientAddressHigh(), record.clientAddressLow())
                    .virtualAddress(record.virtualAddressHigh(), record.virtualAddressLow())
                    .realAddress(record.realAddressHigh(), record.realAddressLow());
        } else {
            written.clientAddress(record.clientAddress())
                    .virtualAddress(record.virtualAddress())
                    .realAddress(record.realAddress());
        }
        if (options.hasSequence()) {
            encoder.appendSequence(
                    options.inInitialSequence(),
                    options.inDelta(),
                    options.inPreviousDelta(),
                    options.outInitialSequence(),
                    options.outDelta(),
                    options.outPreviousDelta());
        }
        if (options.hasEngineData()) {
            int dataLength = options.copyEngineData(engineData);
            int nameLength = options.copyEngineName(engineName);
            encoder.appendEngine(engineData, dataLength, engineName, nameLength);
        }
    }

    /** The datagram. */
    byte[] finish() {
        byte[] bytes = new byte[encoder.finish()];
        buffer.get(bytes);
        return bytes;
    }
}
