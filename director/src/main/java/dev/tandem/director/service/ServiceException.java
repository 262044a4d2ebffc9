package dev.tandem.director.service;

/** A command to services was refused; nothing has changed. The message is for people. */
public final class ServiceException extends IllegalArgumentException {
    private final ServiceError error;

    public ServiceException(ServiceError error, String message) {
        super(message);
        this.error = error;
    }

    public ServiceError error() {
        return error;
    }
}
