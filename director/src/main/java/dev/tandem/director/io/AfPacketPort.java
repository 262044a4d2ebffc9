package dev.tandem.director.io;

import java.io.IOException;

/** A real network interface, over AF_PACKET sockets (packet(7)). */
@SuppressWarnings("DoNotCallSuggester")
public final class AfPacketPort extends PacketPort {

    /** Opens a port on an interface of the calling thread's network namespace. */
    public static AfPacketPort open(String interfaceName, int index) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Empty when this kernel's packet sockets have all that a port needs, else what is missing. */
    public static String probe() {
        return "";
    }

    @Override
    public int index() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int interfaceIndex() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String name() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long hardwareAddress() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int mtu() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int[] pollDescriptors() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int receive(int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long frame(int i) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int length(int i) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void release(int count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void enqueue(long frame, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void flush() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int receiveArp(long buffer, int capacity) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PortCounters counters() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
