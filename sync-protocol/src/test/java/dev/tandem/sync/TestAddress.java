package dev.tandem.sync;

import dev.tandem.sync.wire.SyncRecord;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** A record's addresses as text. */
final class TestAddress {
    private TestAddress() {}

    static String client(SyncRecord record) {
        return record.isIpv6()
                ? text(record.clientAddressHigh(), record.clientAddressLow())
                : text(record.clientAddress());
    }

    static String virtual(SyncRecord record) {
        return record.isIpv6()
                ? text(record.virtualAddressHigh(), record.virtualAddressLow())
                : text(record.virtualAddress());
    }

    static String real(SyncRecord record) {
        return record.isIpv6()
                ? text(record.realAddressHigh(), record.realAddressLow())
                : text(record.realAddress());
    }

    /** As /proc/net/ip_vs_conn has them. */
    static String hexClient(SyncRecord record) {
        return record.isIpv6()
                ? hex(record.clientAddressHigh(), record.clientAddressLow())
                : "%08X".formatted(record.clientAddress());
    }

    static String hexVirtual(SyncRecord record) {
        return record.isIpv6()
                ? hex(record.virtualAddressHigh(), record.virtualAddressLow())
                : "%08X".formatted(record.virtualAddress());
    }

    static String hexReal(SyncRecord record) {
        return record.isIpv6()
                ? hex(record.realAddressHigh(), record.realAddressLow())
                : "%08X".formatted(record.realAddress());
    }

    private static String hex(long high, long low) {
        return "%016x%016x".formatted(high, low).replaceAll("(....)(?=.)", "$1:");
    }

    private static String text(int address) {
        byte[] bytes = new byte[4];
        ByteBuffer.wrap(bytes).putInt(address);
        return text(bytes);
    }

    private static String text(long high, long low) {
        byte[] bytes = new byte[16];
        ByteBuffer.wrap(bytes).putLong(high).putLong(low);
        return text(bytes);
    }

    private static String text(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
