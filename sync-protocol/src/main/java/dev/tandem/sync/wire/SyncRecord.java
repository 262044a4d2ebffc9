package dev.tandem.sync.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Flyweight over one version 1 record in a message: reads and writes the bytes where they lie
 * (layout in {@link SyncRecordV1}), copies nothing, is wrapped around record after record. Belongs
 * to one thread; a record given to a handler is valid during the call only.
 *
 * <p>Addresses have the numeric value of their big-endian bytes: an int for IPv4, two longs for
 * IPv6. {@link #isIpv6} says which of the accessors are the record's.
 */
public final class SyncRecord {
    static final ByteBuffer NO_BUFFER = ByteBuffer.allocate(0);

    private final SyncOptions options = new SyncOptions();
    private ByteBuffer buffer = NO_BUFFER;
    private int offset;

    /**
     * Lays the flyweight over the record that starts at {@code offset} of the buffer, whose byte
     * order becomes big-endian. Forgets the options of the record before.
     */
    public SyncRecord wrap(ByteBuffer buffer, int offset) {
        this.buffer = buffer.order(ByteOrder.BIG_ENDIAN);
        this.offset = offset;
        options.reset(buffer);
        return this;
    }

    /** Where the record starts in its buffer. */
    public int offset() {
        return offset;
    }

    /** The raw type byte. */
    public int type() {
        return Byte.toUnsignedInt(buffer.get(offset + SyncRecordV1.TYPE_OFFSET));
    }

    /** Whether the addresses are IPv6. */
    public boolean isIpv6() {
        return (type() & SyncRecordV1.TYPE_IPV6) != 0;
    }

    /** The record's version, 0 to 15; only 0 is known. */
    public int version() {
        return versionAndLength() >> SyncRecordV1.VERSION_SHIFT;
    }

    /** The record's length in bytes, 0 to 4095: options included, padding not. */
    public int length() {
        return versionAndLength() & SyncRecordV1.SIZE_MASK;
    }

    /** IP protocol number, 0 to 255. */
    public int protocol() {
        return Byte.toUnsignedInt(buffer.get(offset + SyncRecordV1.PROTOCOL_OFFSET));
    }

    /** All 32 flag bits as they came; see {@link SyncFlags#CREATE_MASK} for those to believe. */
    public int flags() {
        return buffer.getInt(offset + SyncRecordV1.FLAGS_OFFSET);
    }

    /** Whether this is a persistence template, not a connection. */
    public boolean isTemplate() {
        return (flags() & SyncFlags.TEMPLATE) != 0;
    }

    /** State number, 0 to 65535; after the decoder's check within the protocol's range. */
    public int state() {
        return unsignedShort(SyncRecordV1.STATE_OFFSET);
    }

    /** 0 to 65535; 0 in templates. */
    public int clientPort() {
        return unsignedShort(SyncRecordV1.CLIENT_PORT_OFFSET);
    }

    /** 0 to 65535. */
    public int virtualPort() {
        return unsignedShort(SyncRecordV1.VIRTUAL_PORT_OFFSET);
    }

    /** 0 to 65535. */
    public int realPort() {
        return unsignedShort(SyncRecordV1.REAL_PORT_OFFSET);
    }

    /** Firewall mark, u32. */
    public int fwmark() {
        return buffer.getInt(offset + SyncRecordV1.FWMARK_OFFSET);
    }

    /**
     * The full timeout of the state in seconds, 0 to 4294967295; 0 leaves it to the receiver's own
     * tables.
     */
    public long timeoutSeconds() {
        return Integer.toUnsignedLong(buffer.getInt(offset + SyncRecordV1.TIMEOUT_OFFSET));
    }

    public int clientAddress() {
        return buffer.getInt(offset + SyncRecordV1.CLIENT_ADDRESS_OFFSET);
    }

    /** The virtual service's address; the mark in a template of a firewall-mark service. */
    public int virtualAddress() {
        return buffer.getInt(offset + SyncRecordV1.VIRTUAL_ADDRESS_OFFSET);
    }

    public int realAddress() {
        return buffer.getInt(offset + SyncRecordV1.REAL_ADDRESS_OFFSET);
    }

    /** IPv6, bytes 0 to 7. */
    public long clientAddressHigh() {
        return buffer.getLong(offset + SyncRecordV1.CLIENT_ADDRESS_OFFSET);
    }

    /** IPv6, bytes 8 to 15. */
    public long clientAddressLow() {
        return buffer.getLong(offset + SyncRecordV1.CLIENT_ADDRESS_OFFSET + Long.BYTES);
    }

    /** IPv6, bytes 0 to 7; for a template of a firewall mark, the mark stands in the first four. */
    public long virtualAddressHigh() {
        return buffer.getLong(offset + SyncRecordV1.VIRTUAL_ADDRESS6_OFFSET);
    }

    /** IPv6, bytes 8 to 15. */
    public long virtualAddressLow() {
        return buffer.getLong(offset + SyncRecordV1.VIRTUAL_ADDRESS6_OFFSET + Long.BYTES);
    }

    /** IPv6, bytes 0 to 7. */
    public long realAddressHigh() {
        return buffer.getLong(offset + SyncRecordV1.REAL_ADDRESS6_OFFSET);
    }

    /** IPv6, bytes 8 to 15. */
    public long realAddressLow() {
        return buffer.getLong(offset + SyncRecordV1.REAL_ADDRESS6_OFFSET + Long.BYTES);
    }

    /** The options of a decoded record. */
    public SyncOptions options() {
        return options;
    }

    /** Makes this a record without options whose other fields are all 0. */
    public SyncRecord clear(boolean ipv6) {
        int length = ipv6 ? SyncRecordV1.IPV6_LENGTH : SyncRecordV1.IPV4_LENGTH;
        for (int i = 0; i < length; i += Integer.BYTES) {
            buffer.putInt(offset + i, 0);
        }
        buffer.put(offset, (byte) (ipv6 ? SyncRecordV1.TYPE_IPV6 : 0));
        buffer.putShort(offset + SyncRecordV1.VERSION_SIZE_OFFSET, (short) length);
        return this;
    }

    public SyncRecord protocol(int protocol) {
        buffer.put(offset + SyncRecordV1.PROTOCOL_OFFSET, (byte) protocol);
        return this;
    }

    /** Writes the flags without {@link SyncFlags#HASHED}, which no kernel sends. */
    public SyncRecord flags(int flags) {
        buffer.putInt(offset + SyncRecordV1.FLAGS_OFFSET, flags & ~SyncFlags.HASHED);
        return this;
    }

    public SyncRecord state(int state) {
        return putShort(SyncRecordV1.STATE_OFFSET, state);
    }

    public SyncRecord clientPort(int port) {
        return putShort(SyncRecordV1.CLIENT_PORT_OFFSET, port);
    }

    public SyncRecord virtualPort(int port) {
        return putShort(SyncRecordV1.VIRTUAL_PORT_OFFSET, port);
    }

    public SyncRecord realPort(int port) {
        return putShort(SyncRecordV1.REAL_PORT_OFFSET, port);
    }

    public SyncRecord fwmark(int fwmark) {
        return putInt(SyncRecordV1.FWMARK_OFFSET, fwmark);
    }

    /** Writes the full timeout of the state, 0 to 4294967295 seconds. */
    public SyncRecord timeoutSeconds(long seconds) {
        return putInt(SyncRecordV1.TIMEOUT_OFFSET, (int) seconds);
    }

    public SyncRecord clientAddress(int address) {
        return putInt(SyncRecordV1.CLIENT_ADDRESS_OFFSET, address);
    }

    public SyncRecord virtualAddress(int address) {
        return putInt(SyncRecordV1.VIRTUAL_ADDRESS_OFFSET, address);
    }

    public SyncRecord realAddress(int address) {
        return putInt(SyncRecordV1.REAL_ADDRESS_OFFSET, address);
    }

    public SyncRecord clientAddress(long high, long low) {
        return putAddress(SyncRecordV1.CLIENT_ADDRESS_OFFSET, high, low);
    }

    public SyncRecord virtualAddress(long high, long low) {
        return putAddress(SyncRecordV1.VIRTUAL_ADDRESS6_OFFSET, high, low);
    }

    public SyncRecord realAddress(long high, long low) {
        return putAddress(SyncRecordV1.REAL_ADDRESS6_OFFSET, high, low);
    }

    private SyncRecord putAddress(int field, long high, long low) {
        buffer.putLong(offset + field, high);
        buffer.putLong(offset + field + Long.BYTES, low);
        return this;
    }

    private int versionAndLength() {
        return unsignedShort(SyncRecordV1.VERSION_SIZE_OFFSET);
    }

    private int unsignedShort(int field) {
        return Short.toUnsignedInt(buffer.getShort(offset + field));
    }

    private SyncRecord putShort(int field, int value) {
        buffer.putShort(offset + field, (short) value);
        return this;
    }

    private SyncRecord putInt(int field, int value) {
        buffer.putInt(offset + field, value);
        return this;
    }
}
