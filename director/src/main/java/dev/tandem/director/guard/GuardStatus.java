package dev.tandem.director.guard;

/**
 * What a host guard does.
 *
 * @param on whether its table is there
 * @param text what it hides or why nothing, for people; no full stop
 * @param addresses hidden as a whole
 * @param services of addresses that the host holds
 * @param servers ports from which NAT servers answer
 * @param failures how often nothing could be hidden, since the start
 */
public record GuardStatus(
        boolean on, String text, int addresses, int services, int servers, long failures) {
    static GuardStatus off(String text, long failures) {
        return new GuardStatus(false, text, 0, 0, 0, failures);
    }
}
