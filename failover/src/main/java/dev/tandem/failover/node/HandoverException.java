package dev.tandem.failover.node;

/**
 * A handover that was refused, or that did not come about; the message says why, to the operator.
 */
public final class HandoverException extends Exception {
    private static final long serialVersionUID = 1;

    public HandoverException(String reason) {
        super(reason);
    }
}
