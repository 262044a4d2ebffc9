package dev.tandem.sync.capture;

/** Takes what a {@link FrameReader} finds, in the order of the capture, on the reader's thread. */
public interface DatagramHandler {
    /** A whole UDP datagram. */
    void onDatagram(CapturedDatagram datagram);

    /**
     * A datagram that no receiver would have taken. What is known of it is filled in: the time
     * always, the rest as far as it was read.
     */
    default void onFault(FrameVerdict fault, CapturedDatagram datagram) {}
}
