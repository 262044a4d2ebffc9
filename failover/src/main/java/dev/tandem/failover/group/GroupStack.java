package dev.tandem.failover.group;

import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.failover.config.FailoverConfig.Peer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The JGroups protocol stack, from top to bottom of the file as from bottom to top of the stack.
 *
 * <p>Unicast UDP to the configured peers, on a fixed port: no multicast is needed, and no port but
 * the group port (UDP) is opened, bound to the node's own address. There is no {@code FD_SOCK2},
 * whose TCP port anybody could talk to: a death is proven elsewhere, and told to {@code
 * VERIFY_SUSPECT2} ({@link Group#died}). The detector is calm: the heartbeat is the quick one.
 * {@code view_ack_collection_timeout} keeps a second fault from waiting two seconds for the view of
 * the first. Nothing here decides who owns the addresses; {@code VERIFY_SUSPECT2} goes by the wall
 * clock.
 */
final class GroupStack {
    private GroupStack() {}

    static InputStream of(FailoverConfig config) {
        StringBuilder hosts = new StringBuilder();
        hosts.append(host(config.bind().getHostAddress(), config.groupPort()));
        for (Peer peer : config.peers()) {
            hosts.append(',').append(host(peer.address().getHostAddress(), config.groupPort()));
        }
        String stack =
                """
                <config xmlns="urn:org:jgroups">
                  <UDP bind_addr="%1$s" bind_port="%2$d" port_range="0" ip_mcast="false"
                       diag.enabled="false" ucast_recv_buf_size="200000" ucast_send_buf_size="200000"
                       thread_pool.min_threads="1" thread_pool.max_threads="8"/>
                  <TCPPING initial_hosts="%3$s" port_range="0"/>
                  <MERGE3 min_interval="500" max_interval="1000"/>
                  <FD_ALL3 timeout="1000" interval="250"/>
                  <VERIFY_SUSPECT2 timeout="200"/>
                  <pbcast.NAKACK2 use_mcast_xmit="false"/>
                  <UNICAST3/>
                  <pbcast.STABLE/>
                  <pbcast.GMS print_local_addr="false" join_timeout="500"
                              view_ack_collection_timeout="500"/>
                  <FRAG2/>
                </config>
                """
                        .formatted(config.bind().getHostAddress(), config.groupPort(), hosts);
        return new ByteArrayInputStream(stack.getBytes(StandardCharsets.UTF_8));
    }

    private static String host(String address, int port) {
        return address + "[" + port + "]";
    }
}
