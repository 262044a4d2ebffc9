package dev.tandem.tools.config;

import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.MarkRule;
import dev.tandem.director.config.ServiceId.AddressService;
import dev.tandem.director.config.ServiceId.MarkService;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.VirtualServiceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What is right in a configuration and yet hardly meant. */
public final class Remarks {
    /** They count active connections, and connections of UDP never count as active. */
    private static final Set<String> BLIND_FOR_UDP = Set.of("sed", "nq", "ovf");

    private Remarks() {}

    /** For people, each beginning with the key that it is about. */
    public static List<String> of(DirectorConfig director) {
        List<String> remarks = new ArrayList<>();
        Set<Integer> given =
                director.marks().stream().map(MarkRule::fwmark).collect(Collectors.toSet());
        for (int i = 0; i < director.services().size(); i++) {
            service(director.services().get(i), "services[" + i + "]", given, remarks);
        }
        Set<Integer> asked =
                director.services().stream()
                        .filter(service -> service.id() instanceof MarkService)
                        .map(service -> ((MarkService) service.id()).fwmark())
                        .collect(Collectors.toSet());
        for (int i = 0; i < director.marks().size(); i++) {
            int mark = director.marks().get(i).fwmark();
            if (!asked.contains(mark)) {
                remarks.add(
                        "marks[%d].mark: there is no service with fwmark %s"
                                .formatted(i, Integer.toUnsignedString(mark)));
            }
        }
        return remarks;
    }

    private static void service(
            VirtualServiceConfig service, String path, Set<Integer> marks, List<String> remarks) {
        ServiceOptions options = service.options();
        switch (service.id()) {
            case AddressService(Transport protocol, _, int port) -> {
                if (protocol == Transport.UDP && BLIND_FOR_UDP.contains(options.scheduler())) {
                    remarks.add(
                            path
                                    + ".scheduler: "
                                    + options.scheduler()
                                    + " sees no load of UDP, whose connections never count as"
                                    + " active");
                }
                if (protocol != Transport.UDP && options.onePacket()) {
                    remarks.add(path + ".one-packet: has no effect but on UDP");
                }
                if (port == 0 && !options.isPersistent()) {
                    remarks.add(
                            path
                                    + ".port: a service of port 0 schedules nothing unless it has"
                                    + " persistence");
                }
            }
            case MarkService(int mark, _) -> {
                if (!marks.contains(mark)) {
                    remarks.add(path + ".fwmark: no rule of marks gives this mark");
                }
            }
        }
        if (!service.id().isIpv6() && !isPrefix(options.netmask())) {
            remarks.add(path + ".netmask: its ones are not all in front");
        }
        if (options.isPersistent() && options.netmask() == 0) {
            remarks.add(path + ".netmask: all clients are one, and stay with one server");
        }
    }

    private static boolean isPrefix(int mask) {
        int inverted = ~mask;
        return (inverted & (inverted + 1)) == 0;
    }
}
