package dev.tandem.director.sched;

/** How the hashing schedulers turn an address into a number, as on 64-bit kernels. */
final class AddressHash {
    /** The kernel's GOLDEN_RATIO_32. */
    private static final int GOLDEN_RATIO = 0x61C88647;

    private AddressHash() {}

    /** An IPv4 address as it is; of an IPv6 address its four words, each xor the others. */
    static int fold(long high, long low) {
        long folded = high ^ low;
        return (int) (folded ^ folded >>> 32);
    }

    /**
     * Multiplicative hash (the kernel's hash_32).
     *
     * @param bits 1 to 32
     * @return 0 to 2^{@code bits} - 1
     */
    static int bucket(int value, int bits) {
        return (value * GOLDEN_RATIO) >>> (32 - bits);
    }

    /**
     * SipHash-1-3 over the four bytes of a number, little-endian (the kernel's hsiphash_1u32 on
     * 64-bit machines).
     *
     * @param word both halves of the key
     * @return u32, the low half of the hash
     */
    static long sip(int value, long word) {
        long v0 = 0x736f6d6570736575L ^ word;
        long v1 = 0x646f72616e646f6dL ^ word;
        long v2 = 0x6c7967656e657261L ^ word;
        long v3 = 0x7465646279746573L ^ word;
        long block = (long) Integer.BYTES << 56 | Integer.toUnsignedLong(value);
        v3 ^= block;
        // rounds 0: over the data, 1 to 3: at the end
        for (int round = 0; round < 4; round++) {
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
            if (round == 0) {
                v0 ^= block;
                v2 ^= 0xFF;
            }
        }
        return (v0 ^ v1 ^ v2 ^ v3) & 0xFFFFFFFFL;
    }
}
