package dev.tandem.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncRecord;
import dev.tandem.sync.wire.SyncState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was written is what is read, for any connections and any length. */
class CodecProperties {
    private static final int[] PROTOCOLS = {
        IpProtocol.TCP, IpProtocol.UDP, IpProtocol.SCTP, IpProtocol.ESP, IpProtocol.AH
    };

    private record Connection(
            int protocol,
            int flags,
            int state,
            int clientPort,
            int virtualPort,
            int realPort,
            int fwmark,
            long timeoutSeconds,
            int clientAddress,
            int virtualAddress,
            int realAddress) {
        static Connection random(SplittableRandom random) {
            boolean template = random.nextInt(4) == 0;
            int protocol =
                    template ? random.nextInt(256) : PROTOCOLS[random.nextInt(PROTOCOLS.length)];
            int flags = random.nextInt() & ~(SyncFlags.ONE_PACKET | SyncFlags.TEMPLATE);
            if (template) {
                flags = (flags & ~SyncFlags.NO_CPORT) | SyncFlags.TEMPLATE;
            }
            return new Connection(
                    protocol,
                    flags & ~SyncFlags.HASHED,
                    random.nextInt(template ? SyncState.TEMPLATE_COUNT : SyncState.count(protocol)),
                    random.nextInt(65_536),
                    random.nextInt(65_536),
                    random.nextInt(65_536),
                    random.nextInt(),
                    random.nextLong(1L << 32),
                    random.nextInt(),
                    random.nextInt(),
                    random.nextInt());
        }

        static Connection of(SyncRecord record) {
            return new Connection(
                    record.protocol(),
                    record.flags(),
                    record.state(),
                    record.clientPort(),
                    record.virtualPort(),
                    record.realPort(),
                    record.fwmark(),
                    record.timeoutSeconds(),
                    record.clientAddress(),
                    record.virtualAddress(),
                    record.realAddress());
        }

        void writeTo(SyncRecord record) {
            record.protocol(protocol)
                    .flags(flags)
                    .state(state)
                    .clientPort(clientPort)
                    .virtualPort(virtualPort)
                    .realPort(realPort)
                    .fwmark(fwmark)
                    .timeoutSeconds(timeoutSeconds)
                    .clientAddress(clientAddress)
                    .virtualAddress(virtualAddress)
                    .realAddress(realAddress);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void shouldReadWhatWasWritten(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            int syncId = random.nextInt(256);
            int maxLength = random.nextInt(44, 10_000);
            SyncEncoder encoder = new SyncEncoder(syncId, maxLength);
            ByteBuffer buffer = ByteBuffer.allocateDirect(maxLength);
            SyncRecord record = new SyncRecord();
            List<Connection> written = new ArrayList<>();
            int wanted = random.nextInt(300);

            encoder.wrap(buffer);
            while (written.size() < wanted && encoder.claim(record, false)) {
                Connection connection = Connection.random(random);
                connection.writeTo(record);
                written.add(connection);
            }
            encoder.finish();

            List<Connection> read = new ArrayList<>();
            SyncVerdict verdict =
                    new SyncDecoder().decode(buffer, syncId, seen -> read.add(Connection.of(seen)));
            assertEquals(SyncVerdict.ACCEPTED, verdict);
            assertEquals(written, read);
        }
    }
}
