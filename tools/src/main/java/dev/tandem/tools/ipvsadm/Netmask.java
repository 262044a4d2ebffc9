package dev.tandem.tools.ipvsadm;

import dev.tandem.tools.api.Ipvs;

/** What a persistent service's netmask is when it says nothing. */
final class Netmask {
    static final String NONE = "255.255.255.255";
    static final String NONE6 = "128";

    private Netmask() {}

    /** Whether it puts several clients into one. */
    static boolean narrows(Ipvs.Service service) {
        return !service.settings().netmask().equals(service.id().ipv6() ? NONE6 : NONE);
    }
}
