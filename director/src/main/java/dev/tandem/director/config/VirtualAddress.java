package dev.tandem.director.config;

import java.net.InetAddress;

/**
 * An address of the group that moves as one, and the interface on which the director answers for
 * it.
 */
public record VirtualAddress(InetAddress address, String interfaceName) {}
