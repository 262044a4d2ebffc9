package dev.tandem.sync;

import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncHeaderV0;
import dev.tandem.sync.wire.SyncHeaderV1;
import dev.tandem.sync.wire.SyncOptions;
import dev.tandem.sync.wire.SyncRecord;
import dev.tandem.sync.wire.SyncRecordV0;
import dev.tandem.sync.wire.SyncRecordV1;
import dev.tandem.sync.wire.SyncState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads sync messages of versions 0 and 1 as the kernel's backup daemon does
 * (net/netfilter/ipvs/ip_vs_sync.c, ip_vs_process_message, ip_vs_process_message_v0 and
 * ip_vs_proc_sync_conn of Linux 6.1.192): the same checks in the same order with the same
 * consequences, so that we take what a kernel takes. Where the kernel reads past the end of a short
 * header we do not ({@link SyncVerdict#HEADER_TOO_SHORT}).
 *
 * <p>A record of version 0 is handed over as the version 1 record it would be: timeout 0, mark 0,
 * sequence data as an option. During the handler's call {@link #version}, {@link #recordIndex} and
 * {@link #recordOffset} tell where it stood.
 *
 * <p>Used by one thread. Allocates nothing, and no bytes make it throw: what is refused is counted
 * by reason. An exception of the handler is the handler's and passes through.
 */
public final class SyncDecoder {
    /** What {@link #errorOffset} says when there was no fault. */
    public static final int NO_ERROR = -1;

    /** What {@link #version} says when the header was refused. */
    public static final int NO_VERSION = -1;

    private static final int NO_RECORD = -1;
    private static final int PORTLESS_TEMPLATE = SyncFlags.NO_CPORT | SyncFlags.TEMPLATE;

    private final SyncCounters counters = new SyncCounters();
    private final SyncRecord record = new SyncRecord();
    private final ByteBuffer scratch = Version0.scratch();
    private final byte[][] engines;
    private int version = NO_VERSION;
    private int recordIndex;
    private int recordOffset;
    private int errorOffset = NO_ERROR;
    private int readLength;

    /**
     * @param engines names of the persistence engines that the handler knows, for example "sip";
     *     records with data of another engine are skipped
     */
    public SyncDecoder(String... engines) {
        this.engines = new byte[engines.length][];
        for (int i = 0; i < engines.length; i++) {
            this.engines[i] = engines[i].getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** Numbers since the decoder was made. */
    public SyncCounters counters() {
        return counters;
    }

    /** The last datagram's version, 0 or 1; {@link #NO_VERSION} when its header was refused. */
    public int version() {
        return version;
    }

    /** The number of the record that the handler is looking at, from 0 in each datagram. */
    public int recordIndex() {
        return recordIndex;
    }

    /** Bytes from the datagram's start to the record that the handler is looking at. */
    public int recordOffset() {
        return recordOffset;
    }

    /**
     * Where in the last datagram the fault was that ended its reading: the offset of the record, 0
     * for the header, {@link #NO_ERROR} when it was read to the end.
     */
    public int errorOffset() {
        return errorOffset;
    }

    /**
     * Bytes of the last datagram up to the end of the last record that was read, taken or skipped;
     * what follows is no record, or was not read because of a fault. 0 when the header was refused.
     */
    public int readLength() {
        return readLength;
    }

    /**
     * Reads the datagram that lies between position and limit, both of which stay as they are; the
     * byte order becomes big-endian.
     *
     * @param ownSyncId 0 to 255; 0 takes messages of every sync id
     * @return {@link SyncVerdict#ACCEPTED}, or what ended the reading; never a verdict on a single
     *     record, which {@link #counters} and {@link SyncRecordHandler#onSkipped} alone show
     */
    public SyncVerdict decode(ByteBuffer datagram, int ownSyncId, SyncRecordHandler handler) {
        datagram.order(ByteOrder.BIG_ENDIAN);
        version = NO_VERSION;
        recordIndex = NO_RECORD;
        recordOffset = 0;
        readLength = 0;
        SyncVerdict verdict = readHeader(datagram, ownSyncId);
        if (verdict == SyncVerdict.ACCEPTED) {
            verdict =
                    version == SyncHeaderV1.VERSION
                            ? readRecords(datagram, handler)
                            : readRecordsV0(datagram, handler);
        }
        counters.countDatagram(verdict);
        errorOffset = NO_ERROR;
        if (verdict != SyncVerdict.ACCEPTED) {
            errorOffset = recordOffset;
            handler.onRefused(verdict, recordOffset, recordIndex);
        }
        return verdict;
    }

    private SyncVerdict readHeader(ByteBuffer datagram, int ownSyncId) {
        int start = datagram.position();
        int length = datagram.remaining();
        if (length < SyncHeaderV1.COMMON_LENGTH) {
            return SyncVerdict.DATAGRAM_TOO_SHORT;
        }
        int size = Short.toUnsignedInt(datagram.getShort(start + SyncHeaderV1.SIZE_OFFSET));
        if (size != length) {
            return SyncVerdict.SIZE_MISMATCH;
        }
        int syncId = unsignedByte(datagram, start + SyncHeaderV1.SYNC_ID_OFFSET);
        if (ownSyncId != 0 && syncId != ownSyncId) {
            return SyncVerdict.FOREIGN_SYNC_ID;
        }
        if (datagram.get(start + SyncHeaderV1.RESERVED_OFFSET) != 0) {
            version = 0;
            counters.countVersion0();
            return SyncVerdict.ACCEPTED;
        }
        if (length < SyncHeaderV1.LENGTH) {
            return SyncVerdict.HEADER_TOO_SHORT;
        }
        if (datagram.get(start + SyncHeaderV1.VERSION_OFFSET) != SyncHeaderV1.VERSION
                || datagram.getShort(start + SyncHeaderV1.SPARE_OFFSET) != 0) {
            return SyncVerdict.UNKNOWN_VERSION;
        }
        version = SyncHeaderV1.VERSION;
        return SyncVerdict.ACCEPTED;
    }

    private SyncVerdict readRecords(ByteBuffer datagram, SyncRecordHandler handler) {
        int start = datagram.position();
        int end = datagram.limit();
        int count = unsignedByte(datagram, start + SyncHeaderV1.COUNT_OFFSET);
        int at = start + SyncHeaderV1.LENGTH;
        readLength = SyncHeaderV1.LENGTH;
        for (int i = 0; i < count; i++) {
            recordIndex = i;
            recordOffset = at - start;
            SyncVerdict verdict = readRecord(datagram, at, end);
            if (verdict.loss() == SyncVerdict.Loss.REST) {
                return verdict;
            }
            int length = record.length();
            deliver(verdict, handler);
            readLength = at - start + length;
            at += SyncRecordV1.align(length);
        }
        return SyncVerdict.ACCEPTED;
    }

    private SyncVerdict readRecordsV0(ByteBuffer datagram, SyncRecordHandler handler) {
        int start = datagram.position();
        int end = datagram.limit();
        int count = unsignedByte(datagram, start + SyncHeaderV0.COUNT_OFFSET);
        int at = start + SyncHeaderV0.LENGTH;
        for (int i = 0; i < count; i++) {
            recordIndex = i;
            recordOffset = at - start;
            readLength = recordOffset;
            if (end - at < SyncRecordV0.LENGTH) {
                return SyncVerdict.RECORD_CUT;
            }
            int length = Version0.length(Version0.flags(datagram, at));
            if (end - at < length) {
                return SyncVerdict.RECORD_CUT;
            }
            Version0.read(datagram, at, scratch, record);
            deliver(judge(), handler);
            at += length;
        }
        readLength = at - start;
        return SyncVerdict.ACCEPTED;
    }

    /** Hands over a record that was read, or says why it is skipped. */
    private void deliver(SyncVerdict verdict, SyncRecordHandler handler) {
        counters.countRecord(verdict);
        if (verdict == SyncVerdict.ACCEPTED) {
            int unknown = record.options().unknown();
            if (unknown != 0) {
                counters.countUnknownOptions(unknown);
            }
            handler.onRecord(record);
        } else {
            handler.onSkipped(record, verdict);
        }
    }

    private SyncVerdict readRecord(ByteBuffer datagram, int at, int end) {
        if (end - at < SyncRecordV1.IPV4_LENGTH) {
            return SyncVerdict.RECORD_CUT;
        }
        record.wrap(datagram, at);
        int length = record.length();
        if (length > end - at) {
            return SyncVerdict.RECORD_OVERRUN;
        }
        if (record.version() != 0) {
            return SyncVerdict.RECORD_VERSION;
        }
        boolean ipv6 = record.isIpv6();
        if (!ipv6 && record.type() != 0) {
            return SyncVerdict.RECORD_TYPE;
        }
        int fixed = ipv6 ? SyncRecordV1.IPV6_LENGTH : SyncRecordV1.IPV4_LENGTH;
        if (length < fixed) {
            return SyncVerdict.RECORD_TOO_SMALL;
        }
        SyncVerdict verdict =
                OptionReader.read(datagram, at + fixed, at + length, record.options());
        if (verdict != SyncVerdict.ACCEPTED) {
            return verdict;
        }
        return judge();
    }

    /** The checks of a well-formed record's values, which cost no more than the record. */
    private SyncVerdict judge() {
        int flags = record.flags();
        if ((flags & SyncFlags.ONE_PACKET) != 0
                || (flags & PORTLESS_TEMPLATE) == PORTLESS_TEMPLATE) {
            return SyncVerdict.RECORD_FLAGS;
        }
        int states = SyncState.TEMPLATE_COUNT;
        if ((flags & SyncFlags.TEMPLATE) == 0) {
            states = SyncState.count(record.protocol());
            if (states == 0) {
                return SyncVerdict.RECORD_PROTOCOL;
            }
        }
        if (record.state() >= states) {
            return SyncVerdict.RECORD_STATE;
        }
        SyncOptions options = record.options();
        if (options.hasEngineData() && !isEngineKnown(options)) {
            return SyncVerdict.ENGINE_UNKNOWN;
        }
        return SyncVerdict.ACCEPTED;
    }

    private boolean isEngineKnown(SyncOptions options) {
        for (byte[] engine : engines) {
            if (isNamed(options, engine)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNamed(SyncOptions options, byte[] name) {
        if (options.engineNameLength() != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (options.engineName(i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private static int unsignedByte(ByteBuffer buffer, int at) {
        return Byte.toUnsignedInt(buffer.get(at));
    }
}
