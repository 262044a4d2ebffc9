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
