package dev.tandem.director.route;

import java.net.InetAddress;

/** An address of the host itself, and the interface that it is on. */
public record OwnAddress(InetAddress address, String interfaceName) {}
