package dev.tandem.director.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.director.packet.Addresses;
import dev.tandem.director.packet.Packet;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hash helpers, {@code dh} and {@code sh}: the kernel's figures. */
class HashSchedulersTest {
    private static final int FALLBACK = SchedulerContext.FLAG_1;
    private static final int PORT = SchedulerContext.FLAG_2;

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 39, 159",
        "10.0.0.2, 137, 550",
        "10.0.0.3, 235, 941",
        "192.168.1.10, 248, 995",
        "8.8.8.8, 188, 754",
        "1.2.3.4, 52, 209",
        "255.255.255.255, 158, 632",
        "2001:db8::1, 63, ",
        "fe80::1, 247, ",
    })
    void shouldHashAddressesAsTheKernelDoes(String address, int of256, Integer of1024) {
        int folded = fold(address);

        assertEquals(of256, AddressHash.bucket(folded, 8));
        assertEquals(of256, HashTable.bucketOf(folded));
        if (of1024 != null) {
            assertEquals(of1024, AddressHash.bucket(folded, 10));
        }
    }

    @Test
    void shouldFoldTheFourWordsOfAnIpv6Address() {
        assertEquals(0x20010db9, fold("2001:db8::1"));
    }

    @ParameterizedTest
    @CsvSource({
        // address, pick, and with sh-fallback when A, B or C takes none
        "10.0.0.1,     C, C, C, B",
        "10.0.0.2,     A, C, A, A",
        "10.0.0.3,     B, B, A, B",
        "192.168.1.10, A, C, A, A",
        "8.8.8.8,      A, C, A, A",
    })
    void shouldPickByAddress(
            String address, char pick, char withoutA, char withoutB, char withoutC) {
        int number = ipv4(address);
        Packet from = Pool.flow(number, 40000, Pool.VIRTUAL);
        Packet to = Pool.flow(Pool.CLIENT, 40000, number);
        String rest = "" + withoutA + withoutB + withoutC;

        assertEquals(pick, pool("sh", 0).pick(from));
        assertEquals(pick, pool("sh", FALLBACK).pick(from));
        assertEquals(pick, pool("dh", 0).pick(to));
        for (char down = 'A'; down <= 'C'; down++) {
            char fallback = rest.charAt(down - 'A');
            char none = down == pick ? '-' : pick;
            // weight 1 and overloaded, or weight 0: neither changes the table
            for (String how : new String[] {down + "1x", down + "0"}) {
                assertEquals(none, pool("sh", 0, how).pick(from), how);
                assertEquals(fallback, pool("sh", FALLBACK, how).pick(from), how);
                assertEquals(none, pool("dh", 0, how).pick(to), how);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, A",
        "10.0.0.2, A",
        "10.0.0.3, B",
        "192.168.1.10, B",
        "8.8.8.8, B",
    })
    void shouldGiveBucketsByWeight(String address, char pick) {
        Pool pool = new Pool("sh").bind("C1 B2 A3");

        assertEquals(pick, pool.pick(Pool.flow(ipv4(address), 1, Pool.VIRTUAL)));
    }

    @Test
    void shouldSpreadTheBucketsOverTheListByWeight() {
        HashTable table = new HashTable();
        table.fill(new Pool("sh").bind("C1 B2 A3").list(), true);

        int[] owned = new int[3];
        StringBuilder first = new StringBuilder();
        for (int i = 0; i < HashTable.BUCKETS; i++) {
            owned[table.server(i)]++;
            first.append(i < 12 ? "CBA".charAt(table.server(i)) : "");
        }
        assertEquals("CBBAAACBBAAA", first.toString());
        assertEquals("43 86 127", owned[0] + " " + owned[1] + " " + owned[2]);
    }

    @ParameterizedTest
    @CsvSource({"40000, 45, C", "40001, 143, A", "1, 235, B"})
    void shouldMixInThePortWithShPort(int port, int expected, char pick) {
        assertEquals(expected, HashTable.bucketOf(ipv4("10.0.0.2") + port));
        assertEquals(pick, pool("sh", PORT).pick(Pool.flow(ipv4("10.0.0.2"), port, 1)));
    }

    @ParameterizedTest
    @CsvSource({"sh, 0", "sh, 8", "dh, 0"})
    void shouldFindNobodyWhenNobodyIsThere(String name, int flags) {
        Pool empty = new Pool(Schedulers.create(name, SchedulerContext.of(flags)));
        assertEquals("-", empty.picks(1));

        empty.bind("C0 B1x A0");
        assertEquals("-", empty.picks(1));

        empty.remove("C");
        empty.remove("B");
        empty.remove("A");
        assertEquals("-", empty.picks(1));
    }

    private static Pool pool(String name, int flags, String... edits) {
        Pool pool = new Pool(Schedulers.create(name, SchedulerContext.of(flags)));
        pool.bind("C1 B1 A1");
        for (String edit : edits) {
            pool.edit(edit);
        }
        return pool;
    }

    static int ipv4(String address) {
        return Addresses.toInt(address(address));
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    static int fold(String address) {
        ByteBuffer bytes = ByteBuffer.wrap(address(address).getAddress());
        return bytes.remaining() == Integer.BYTES
                ? AddressHash.fold(0, Integer.toUnsignedLong(bytes.getInt()))
                : AddressHash.fold(bytes.getLong(), bytes.getLong());
    }
}
