package dev.tandem.director.config;

import java.net.InetAddress;

/**
 * A neighbour that shows by its answers that this director is not cut off.
 *
 * @param address in the network of an interface that carries virtual addresses
 * @param intervalMs time between two questions, 20 to 10000
 */
public record GatewayConfig(InetAddress address, int intervalMs) {}
