package dev.tandem.tools.api;

/** A request that was answered with an error; the message is for the person who asked. */
public final class ApiException extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    public ApiException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** HTTP status: 4xx for what was asked, 409 for what was refused, 5xx for the daemon. */
    public int status() {
        return status;
    }
}
