package dev.tandem.director.config;

/** The transport protocol of a service, with its IP protocol number. */
public enum Transport {
    TCP(6),
    UDP(17),
    SCTP(132);

    private final int number;

    Transport(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
