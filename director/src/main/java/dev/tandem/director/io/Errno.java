package dev.tandem.director.io;

/** The error numbers that this program knows by name (asm-generic/errno.h). */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int ENXIO = 6;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int EMSGSIZE = 90;
    public static final int ENOPROTOOPT = 92;
    public static final int EAFNOSUPPORT = 97;
    public static final int ENETDOWN = 100;
    public static final int ENOBUFS = 105;

    private Errno() {}

    /** The error in words, with its number. */
    public static String describe(int errno) {
        String words =
                switch (errno) {
                    case EPERM -> "EPERM, operation not permitted";
                    case ENOENT -> "ENOENT, no such file or entry";
                    case EINTR -> "EINTR, interrupted";
                    case ENXIO -> "ENXIO, no such device or address";
                    case EAGAIN -> "EAGAIN, try again";
                    case ENOMEM -> "ENOMEM, out of memory";
                    case EACCES -> "EACCES, permission denied";
                    case EBUSY -> "EBUSY, busy";
                    case EEXIST -> "EEXIST, exists already";
                    case ENODEV -> "ENODEV, no such device";
                    case EINVAL -> "EINVAL, invalid argument";
                    case EMSGSIZE -> "EMSGSIZE, message too long";
                    case ENOPROTOOPT -> "ENOPROTOOPT, option not known to this kernel";
                    case EAFNOSUPPORT -> "EAFNOSUPPORT, address family not supported";
                    case ENETDOWN -> "ENETDOWN, network is down";
                    case ENOBUFS -> "ENOBUFS, no buffer space";
                    default -> "error";
                };
        return words + " (errno " + errno + ")";
    }
}
