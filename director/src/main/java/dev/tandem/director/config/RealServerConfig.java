package dev.tandem.director.config;

import java.net.InetAddress;

/**
 * A real server (destination) of a service.
 *
 * @param port 1 to 65535; must equal the service's port for direct routing
 * @param weight 0 to 2147483647; 0 quiesces: no new connections, old ones go on
 */
public record RealServerConfig(InetAddress address, int port, Forwarding forwarding, int weight) {}
