package dev.tandem.director.service;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds a service by protocol, address and port: open addressing over arrays, at most half full,
 * built once and never changed.
 */
final class ServiceIndex {
    /** 0: empty slot; no service has protocol 0. */
    private final long[] keys;

    private final @Nullable VirtualService[] services;
    private final int mask;

    ServiceIndex(List<VirtualService> list) {
        int slots = Integer.highestOneBit(Math.max(list.size(), 1)) * 4;
        keys = new long[slots];
        services = new @Nullable VirtualService[slots];
        mask = slots - 1;
        for (VirtualService service : list) {
            long key = key(service.protocol().number(), service.address(), service.port());
            int slot = home(key);
            while (keys[slot] != 0) {
                slot = slot + 1 & mask;
            }
            keys[slot] = key;
            services[slot] = service;
        }
    }

    @Nullable VirtualService find(int protocol, int address, int port) {
        long key = key(protocol, address, port);
        for (int slot = home(key); keys[slot] != 0; slot = slot + 1 & mask) {
            if (keys[slot] == key) {
                return services[slot];
            }
        }
        return null;
    }

    /** Protocol, address and port in one number. */
    static long key(int protocol, int address, int port) {
        return (long) protocol << 48 | Integer.toUnsignedLong(address) << 16 | port;
    }

    private int home(long key) {
        // The golden ratio spreads neighbouring keys; the high bits are the mixed ones.
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> 40) & mask;
    }
}
