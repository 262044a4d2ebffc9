package dev.tandem.director.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {
    /** The right column is what inet_ntop(3) of glibc 2.36 makes of the left one. */
    @ParameterizedTest
    @CsvSource({
        "0:0:0:0:0:0:0:0,                         ::",
        "0:0:0:0:0:0:0:1,                         ::1",
        "0:0:0:0:0:0:1:2,                         ::0.1.0.2",
        "0:0:0:0:0:0:a00:1,                       ::10.0.0.1",
        "0:0:0:0:0:1:a00:1,                       ::1:a00:1",
        "2001:db8:0:0:0:0:0:1,                    2001:db8::1",
        "2001:db8:0:0:1:0:0:1,                    2001:db8::1:0:0:1",
        "2001:0:0:1:0:0:0:1,                      2001:0:0:1::1",
        "2001:db8:0:1:1:1:1:1,                    2001:db8:0:1:1:1:1:1",
        "fd01:0:0:0:0:0:0:0,                      fd01::",
        "0:1:2:3:4:5:6:7,                         0:1:2:3:4:5:6:7",
        "0:0:2:3:4:5:6:7,                         ::2:3:4:5:6:7",
        "1:2:3:4:5:6:0:0,                         1:2:3:4:5:6::",
        "7:0:0:0:0:0:0:0,                         7::",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    })
    void shouldWriteIpv6AsEveryToolDoes(String full, String expected) {
        ByteBuffer bytes = ByteBuffer.wrap(Inet6Address.ofLiteral(full).getAddress());

        assertEquals(expected, Addresses.format(bytes.getLong(), bytes.getLong()));
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1, ::ffff:10.0.0.1", "255.255.255.255, ::ffff:255.255.255.255"})
    void shouldDotWhatIsMappedToIpv4(String mapped, String expected) {
        long low = Integer.toUnsignedLong(Addresses.toInt(InetAddress.ofLiteral(mapped)));

        assertEquals(expected, Addresses.format(0, 0xFFFF_0000_0000L | low));
    }
}
