package dev.tandem.tools.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.MarkRule;
import dev.tandem.director.packet.Addresses;
import dev.tandem.tools.config.YamlNode.Scalar;
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How one kind of value is written.
 *
 * @param expected what a right value is, to be read after "is not" and "must be"
 * @param harmless a right value, to go on with after a wrong one
 * @param read empty when the value is wrong
 */
record Syntax<T>(String expected, T harmless, Function<Scalar, Optional<T>> read) {
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");
    private static final Pattern PORTS = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");
    private static final Pattern PREFIX_LENGTH = Pattern.compile("0|[1-9]\\d{0,2}");
    private static final Pattern INTEGER = Pattern.compile("-?\\d{1,10}");

    /** net/core/dev.c, dev_valid_name(): shorter than IFNAMSIZ, no slash, colon nor space. */
    private static final Pattern INTERFACE = Pattern.compile("(?!\\.{1,2}$)[^/:\\s]{1,15}");

    Optional<T> parse(Scalar value) {
        return read.apply(value);
    }

    /** A whole number within a range, both ends included. */
    static Syntax<Integer> integer(int min, int max) {
        return new Syntax<>(
                "a whole number from " + min + " to " + max,
                min,
                value ->
                        Optional.of(value.text())
                                .filter(text -> !value.quoted() && INTEGER.matcher(text).matches())
                                .map(Long::parseLong)
                                .filter(number -> min <= number && number <= max)
                                .map(Long::intValue));
    }

    static Syntax<Integer> port() {
        Syntax<Integer> number = integer(1, 65535);
        return new Syntax<>("a port, from 1 to 65535", number.harmless(), number.read());
    }

    /** The port of a service or a server. */
    static Syntax<Integer> anyPort() {
        Syntax<Integer> number = integer(0, 65535);
        return new Syntax<>("a port, from 0 to 65535", number.harmless(), number.read());
    }

    /** One port, or the first and the last of several. */
    static Syntax<PortRange> portRange() {
        return new Syntax<>(
                "a port or a range of ports, such as 8000-8099",
                PortRange.ALL,
                value ->
                        Optional.of(PORTS.matcher(value.text()))
                                .filter(matcher -> !value.quoted() && matcher.matches())
                                .map(PortRange::of)
                                .filter(PortRange::isSound));
    }

    /** A firewall mark, as an int with the bits of the unsigned number. */
    static Syntax<Integer> fwmark() {
        return new Syntax<>(
                "a firewall mark, a whole number from 1 to 4294967295",
                1,
                value ->
                        Optional.of(value.text())
                                .filter(text -> !value.quoted() && INTEGER.matcher(text).matches())
                                .map(Long::parseLong)
                                .filter(number -> 1 <= number && number <= 0xFFFF_FFFFL)
                                .map(Long::intValue));
    }

    /** Which IPv4 clients are one, as the mask's 32 bits. */
    static Syntax<Integer> netmask() {
        return new Syntax<>(
                "a netmask such as 255.255.255.0",
                -1,
                value -> AddressSyntax.ipv4(value.text()).map(Addresses::toInt));
    }

    /** A block of addresses of either family; one address is a block too. */
    static Syntax<MarkRule.Prefix> prefix() {
        return new Syntax<>(
                "an IPv4 or IPv6 address or network, such as 10.0.0.0/24",
                new MarkRule.Prefix(InetAddress.getLoopbackAddress(), 32),
                value -> Syntax.prefix(value.text()));
    }

    private static Optional<MarkRule.Prefix> prefix(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address =
                AddressSyntax.either(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int bits = address.get().getAddress().length * Byte.SIZE;
        if (slash < 0) {
            return Optional.of(new MarkRule.Prefix(address.get(), bits));
        }
        String length = text.substring(slash + 1);
        return PREFIX_LENGTH.matcher(length).matches() && Integer.parseInt(length) <= bits
                ? Optional.of(new MarkRule.Prefix(address.get(), Integer.parseInt(length)))
                : Optional.empty();
    }

    static Syntax<Boolean> flag() {
        return new Syntax<>(
                "true or false",
                false,
                value ->
                        switch (value.quoted() ? "" : value.text()) {
                            case "true" -> Optional.of(true);
                            case "false" -> Optional.of(false);
                            default -> Optional.empty();
                        });
    }

    /** The name of a node or a cluster. */
    static Syntax<String> name() {
        return text("a name of 1 to 63 letters, digits, '_', '.' and '-'", WORD.asMatchPredicate());
    }

    static Syntax<String> interfaceName() {
        return text(
                "the name of a network interface, at most 15 characters",
                INTERFACE.asMatchPredicate());
    }

    /** Any text that can be a program's argument. */
    static Syntax<String> words(int maxBytes) {
        return text(
                "a text of 1 to " + maxBytes + " bytes",
                text ->
                        !text.isEmpty()
                                && text.indexOf(0) < 0
                                && text.getBytes(UTF_8).length <= maxBytes);
    }

    /** One of a few words. */
    static Syntax<String> oneOf(List<String> words) {
        return new Syntax<>(
                "one of " + String.join(", ", words),
                words.getFirst(),
                value -> Optional.of(value.text()).filter(words::contains));
    }

    /** One of an enum's constants, written in small letters. */
    static <E extends Enum<E>> Syntax<E> oneOf(Class<E> type) {
        List<E> constants = List.of(type.getEnumConstants());
        Syntax<String> words = oneOf(constants.stream().map(Syntax::word).toList());
        return new Syntax<>(
                words.expected(),
                constants.getFirst(),
                value ->
                        words.parse(value)
                                .map(word -> Enum.valueOf(type, word.toUpperCase(Locale.ROOT))));
    }

    /** How a server can be reached. */
    static Syntax<Forwarding> forwarding() {
        Syntax<String> words = oneOf(List.of("nat", "dr", "tunnel"));
        return new Syntax<>(
                words.expected(),
                Forwarding.NAT,
                value ->
                        words.parse(value)
                                .map(word -> Forwarding.valueOf(word.toUpperCase(Locale.ROOT))));
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** An address that a host can have. */
    static Syntax<InetAddress> hostAddress() {
        return new Syntax<>(
                "the IPv4 address of a host, such as 10.0.0.1",
                InetAddress.getLoopbackAddress(),
                value -> AddressSyntax.ipv4(value.text()).filter(Syntax::isHost));
    }

    /** An address of either family that other hosts can reach. */
    static Syntax<InetAddress> eitherNetworkAddress() {
        return new Syntax<>(
                "the IPv4 or IPv6 address of a host, not a loopback or link-local one",
                InetAddress.getLoopbackAddress(),
                value ->
                        linkAddress()
                                .parse(value)
                                .filter(a -> !a.isLoopbackAddress() && !a.isLinkLocalAddress()));
    }

    /** A group of either family. */
    static Syntax<InetAddress> multicastGroup() {
        return new Syntax<>(
                "a multicast group, 224.0.0.0 to 239.255.255.255 or ff00::/8",
                InetAddress.getLoopbackAddress(),
                value ->
                        AddressSyntax.either(value.text()).filter(InetAddress::isMulticastAddress));
    }

    /** An address, of either family, that a host can have on a link between nodes. */
    static Syntax<InetAddress> linkAddress() {
        return new Syntax<>(
                "the IPv4 or IPv6 address of a host",
                InetAddress.getLoopbackAddress(),
                value -> AddressSyntax.either(value.text()).filter(Syntax::isHost));
    }

    /** 1, 2, 4 and so on. */
    static Syntax<Integer> powerOfTwo(int max) {
        Syntax<Integer> number = integer(1, max);
        return new Syntax<>(
                "a power of two, from 1 to " + max,
                1,
                value -> number.parse(value).filter(n -> Integer.bitCount(n) == 1));
    }

    private static boolean isHost(InetAddress address) {
        return !address.isAnyLocalAddress()
                && !address.isMulticastAddress()
                && !isReserved(address);
    }

    /** RFC 1112 section 4 and RFC 919: class E, with the limited broadcast address at its end. */
    private static boolean isReserved(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 && (bytes[0] & 0xF0) == 0xF0;
    }

    /**
     * A path that does not depend on where the daemon was started.
     *
     * @param maxBytes what the kernel accepts
     */
    static Syntax<Path> absolutePath(int maxBytes) {
        return new Syntax<>(
                "an absolute path of at most " + maxBytes + " bytes",
                Path.of("/"),
                value ->
                        Stream.of(value.text())
                                .filter(text -> text.getBytes(UTF_8).length <= maxBytes)
                                .flatMap(Syntax::path)
                                .filter(Path::isAbsolute)
                                .findFirst());
    }

    private static Stream<Path> path(String text) {
        try {
            return Stream.of(Path.of(text));
        } catch (InvalidPathException _) {
            return Stream.empty();
        }
    }

    private static Syntax<String> text(String expected, Predicate<String> allowed) {
        return new Syntax<>(expected, "-", value -> Optional.of(value.text()).filter(allowed));
    }
}
