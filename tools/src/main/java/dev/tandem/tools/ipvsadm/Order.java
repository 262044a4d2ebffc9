package dev.tandem.tools.ipvsadm;

import dev.tandem.tools.api.Ipvs;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The order of listings: services by mark, family, protocol, address and port, servers by family,
 * address and port.
 *
 * <p>ipvsadm subtracts IPv4 addresses as signed numbers, so that 172.16.0.1 comes before 10.0.0.5.
 * That is no order (it goes in circles), and what comes out hangs on how the C library sorts: by
 * merging halves, the first one rounded down. {@link #COMPATIBLE} does the same.
 */
enum Order {
    /** As it comes. */
    NONE,
    /** As ipvsadm has it. */
    COMPATIBLE,
    /** By the value of addresses. */
    NUMERIC;

    List<Ipvs.Service> services(List<Ipvs.Service> services) {
        return sorted(
                services,
                Comparator.comparingInt((Ipvs.Service service) -> (int) service.id().mark())
                        .thenComparing(service -> service.id().ipv6())
                        .thenComparingInt(service -> protocol(service.id().protocol()))
                        .thenComparing(service -> service.id().address(), this::compare)
                        .thenComparingInt(service -> service.id().port()));
    }

    List<Ipvs.Server> servers(List<Ipvs.Server> servers) {
        return sorted(
                servers,
                Comparator.comparing(
                                (Ipvs.Server server) -> server.settings().address(), this::compare)
                        .thenComparingInt(server -> server.settings().port()));
    }

    private static int protocol(String name) {
        return switch (name) {
            case "UDP" -> 17;
            case "SCTP" -> 132;
            default -> 6;
        };
    }

    /** IPv4 before IPv6. */
    private int compare(String first, String second) {
        if (first.isEmpty() || second.isEmpty()) {
            return first.compareTo(second);
        }
        byte[] one = Inet.bytes(first);
        byte[] other = Inet.bytes(second);
        if (one.length == 4 && other.length == 4 && this == COMPATIBLE) {
            return ByteBuffer.wrap(one).getInt() - ByteBuffer.wrap(other).getInt();
        }
        int families = Integer.compare(one.length, other.length);
        return families != 0 ? families : Arrays.compareUnsigned(one, other);
    }

    private <T> List<T> sorted(List<T> list, Comparator<T> comparator) {
        if (this == NONE || list.size() < 2) {
            return list;
        }
        int middle = list.size() / 2;
        List<T> first = sorted(list.subList(0, middle), comparator);
        List<T> second = sorted(list.subList(middle, list.size()), comparator);
        List<T> merged = new ArrayList<>(list.size());
        int i = 0;
        int j = 0;
        while (i < first.size() && j < second.size()) {
            merged.add(
                    comparator.compare(first.get(i), second.get(j)) <= 0
                            ? first.get(i++)
                            : second.get(j++));
        }
        merged.addAll(first.subList(i, first.size()));
        merged.addAll(second.subList(j, second.size()));
        return merged;
    }
}
