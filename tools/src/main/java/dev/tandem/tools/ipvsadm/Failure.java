package dev.tandem.tools.ipvsadm;

/** A command that ends here, with a message and an exit code. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    /** Nothing could be made of the options; or there is nobody to talk to. */
    static final int USAGE = 2;

    /** What a C program's exit(-1) becomes. */
    static final int REFUSED = 255;

    private final int code;

    Failure(int code, String message) {
        super(message);
        this.code = code;
    }

    /** An option error: of a restore, nothing more is read. */
    static Failure usage(String text) {
        return new Failure(USAGE, text);
    }

    int code() {
        return code;
    }

    /** The message, without the line's end. */
    String text() {
        return String.valueOf(getMessage());
    }
}
