package dev.tandem.director.packet;

import dev.tandem.director.io.Memory;

/**
 * CRC32c (RFC 9260 appendix A; polynomial 0x1EDC6F41, reflected) over off-heap memory, eight bytes
 * a step by eight tables. The JDK's own wants a buffer object for each range.
 */
final class Crc32c {
    private static final int POLYNOMIAL = 0x82F6_3B78;
    private static final int TABLES = 8;
    private static final int[][] TABLE = tables();

    private Crc32c() {}

    static int start() {
        return -1;
    }

    static int end(int crc) {
        return ~crc;
    }

    static int update(int crc, long address, int length) {
        int sum = crc;
        int i = 0;
        for (; i <= length - 8; i += 8) {
            int first = sum ^ Integer.reverseBytes(Memory.getIntBe(address + i));
            int second = Integer.reverseBytes(Memory.getIntBe(address + i + 4));
            sum =
                    TABLE[7][first & 0xFF]
                            ^ TABLE[6][first >>> 8 & 0xFF]
                            ^ TABLE[5][first >>> 16 & 0xFF]
                            ^ TABLE[4][first >>> 24]
                            ^ TABLE[3][second & 0xFF]
                            ^ TABLE[2][second >>> 8 & 0xFF]
                            ^ TABLE[1][second >>> 16 & 0xFF]
                            ^ TABLE[0][second >>> 24];
        }
        for (; i < length; i++) {
            sum = TABLE[0][(sum ^ Memory.getByte(address + i)) & 0xFF] ^ sum >>> 8;
        }
        return sum;
    }

    static int updateZeros(int crc, int count) {
        int sum = crc;
        for (int i = 0; i < count; i++) {
            sum = TABLE[0][sum & 0xFF] ^ sum >>> 8;
        }
        return sum;
    }

    private static int[][] tables() {
        int[][] tables = new int[TABLES][256];
        for (int i = 0; i < 256; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : POLYNOMIAL);
            }
            tables[0][i] = crc;
        }
        for (int i = 0; i < 256; i++) {
            for (int k = 1; k < TABLES; k++) {
                int before = tables[k - 1][i];
                tables[k][i] = before >>> 8 ^ tables[0][before & 0xFF];
            }
        }
        return tables;
    }
}
