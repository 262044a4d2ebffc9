package dev.tandem.director.control;

import dev.tandem.director.io.PacketPort;
import dev.tandem.director.route.HostNetwork;
import dev.tandem.director.route.Link;
import dev.tandem.director.route.LinkListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Raises a fault while an interface of the director is down, and for good when it was made anew.
 */
final class LinkWatch implements LinkListener {
    private final HostNetwork network;
    private final List<PacketPort> ports;
    private final Faults faults;

    LinkWatch(HostNetwork network, List<PacketPort> ports, Faults faults) {
        this.network = network;
        this.ports = ports;
        this.faults = faults;
    }

    @Override
    public void linkChanged(String interfaceName, boolean up) {
        for (PacketPort port : ports) {
            if (port.name().equals(interfaceName)) {
                judge(port, up);
            }
        }
    }

    private void judge(PacketPort port, boolean up) {
        @Nullable Link link = network.links().get(port.name());
        if (link == null) {
            faults.raise(port.name(), "interface " + port.name() + " is gone");
        } else if (link.index() != port.interfaceIndex()) {
            faults.raise(
                    port.name(),
                    "interface " + port.name() + " was deleted and made anew; restart to use it");
        } else if (up) {
            faults.clear(port.name());
        } else {
            faults.raise(port.name(), "interface " + port.name() + " is down");
        }
    }
}
