package dev.tandem.director.sync;

import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.transport.SyncLink;
import dev.tandem.sync.wire.SyncHeaderV1;
import dev.tandem.sync.wire.SyncRecordV1;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The open message of one stream. Worker thread only; allocates nothing. */
final class OutgoingStream {
    private final Outlet outlet;
    private final SyncEncoder encoder;
    private final RecordWriter writer;
    private final SenderNumbers numbers;
    private @Nullable ByteBuffer datagram;
    private long firstRecordNs;

    /**
     * @param writer may be shared by all streams, as may {@code numbers}
     */
    OutgoingStream(Outlet outlet, SyncEncoder encoder, RecordWriter writer, SenderNumbers numbers) {
        this.outlet = outlet;
        this.encoder = encoder;
        this.writer = writer;
        this.numbers = numbers;
    }

    /** A stream of a link. */
    static OutgoingStream of(
            SyncLink link,
            int number,
            SyncEncoder encoder,
            RecordWriter writer,
            SenderNumbers numbers) {
        return new OutgoingStream(
                new Outlet() {
                    @Override
                    public @Nullable ByteBuffer claim() {
                        return link.claim(number);
                    }

                    @Override
                    public void send(ByteBuffer message) {
                        link.send(message);
                    }
                },
                encoder,
                writer,
                numbers);
    }

    /** Whether messages have records of the entry's families; none of a mixed pair. */
    boolean carries(long entry) {
        boolean ipv6 = ConnectionEntry.isIpv6(entry);
        return ipv6 == ConnectionEntry.isRealIpv6(entry) && (!ipv6 || encoder.carriesIpv6());
    }

    /**
     * Whether a connection's template is asked for also when the connection itself was not sent:
     * not under version 0, which has no IPv6 either.
     */
    boolean isChained() {
        return encoder.carriesIpv6();
    }

    /**
     * Appends an entry that it {@link #carries}, sending the datagram before when it is full.
     *
     * @return false when no buffer was free
     */
    boolean append(long entry, long nowNs) {
        int optionsLength = writer.optionsLength(entry);
        if (datagram == null || !writer.append(entry, optionsLength, encoder)) {
            send();
            if (!open(optionsLength, nowNs)) {
                return false;
            }
            if (!writer.append(entry, optionsLength, encoder)) {
                throw new IllegalStateException("a buffer holds no record");
            }
        }
        numbers.written();
        return true;
    }

    private boolean open(int optionsLength, long nowNs) {
        ByteBuffer free = outlet.claim();
        if (free == null) {
            return false;
        }
        int longest = SyncHeaderV1.LENGTH + SyncRecordV1.IPV6_LENGTH + optionsLength;
        if (free.limit() < longest) {
            free.limit(Math.min(longest, free.capacity()));
        }
        encoder.wrap(free);
        datagram = free;
        firstRecordNs = nowNs;
        return true;
    }

    /** Whether the first record has waited for so long. */
    boolean isDue(long waitNs, long nowNs) {
        return datagram != null && nowNs - firstRecordNs >= waitNs;
    }

    /** Hands the datagram to the link, if one is open. */
    void send() {
        ByteBuffer full = datagram;
        if (full != null) {
            datagram = null;
            encoder.finish();
            outlet.send(full);
            numbers.handedOver(encoder.count());
        }
    }
}
