package dev.tandem.director.service;

/** Why a command to services was refused, by the name of the error that the kernel answers. */
public enum ServiceError {
    /** The service or server is there already. */
    EEXIST,
    /** There is no such service. */
    ESRCH,
    /** There is no such scheduler, persistence engine or server. */
    ENOENT,
    /** A weight is negative, or the lower threshold is above the upper one. */
    ERANGE,
    /** A value that makes no sense. */
    EINVAL,
    /** No room. */
    ENOMEM,
    /** An address of a family that cannot be here. */
    EAFNOSUPPORT
}
