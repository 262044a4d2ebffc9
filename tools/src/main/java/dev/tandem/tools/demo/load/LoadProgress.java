package dev.tandem.tools.demo.load;

/**
 * Where a running load stands.
 *
 * @param established connections that completed their handshake
 * @param lost connections lost so far, those that were refused among them
 * @param leastAnswered messages answered on the connection that has the fewest
 * @param back connections that were answered again after the fault
 */
public record LoadProgress(int established, int lost, long leastAnswered, int back) {}
