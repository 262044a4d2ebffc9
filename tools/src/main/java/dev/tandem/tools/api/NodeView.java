package dev.tandem.tools.api;

/**
 * What one node says of itself before or after a planned switch-over.
 *
 * @param incarnation when its process started, in ms of its machine's uptime: names the process
 * @param connections entries in its table
 * @param syncLag records marked for sending and not yet sent
 * @param compared whether its table was compared with the master's
 * @param missing entries of the master's table that it lacks or has otherwise
 * @param whyNotReady why it could not take over; empty when it could, or has
 * @param servicesDigest of its services and settings; equal when these are
 * @param forwarded packets, either way, since its start
 * @param forwardedLate packets forwarded since it gave the addresses away; 0 when it never did
 */
public record NodeView(
        String node,
        long incarnation,
        String state,
        long epoch,
        int connections,
        int syncLag,
        boolean compared,
        long missing,
        String whyNotReady,
        String servicesDigest,
        long forwarded,
        long forwardedLate) {}
