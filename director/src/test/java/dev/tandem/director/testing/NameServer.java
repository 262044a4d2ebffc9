package dev.tandem.director.testing;

import dev.tandem.director.io.TestNamespaces;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** A name server in a namespace that has the same IPv4 address for every name. */
public final class NameServer implements AutoCloseable {
    private static final int HEADER_BYTES = 12;
    private static final int MAX_BYTES = 1232;

    /** A response, recursion desired and available. */
    private static final short FLAGS = (short) 0x8180;

    /** The name is the question's, at the offset of the header's length. */
    private static final short NAME_OF_QUESTION = (short) 0xC000 | HEADER_BYTES;

    private static final short TYPE_A = 1;
    private static final short CLASS_IN = 1;
    private static final int TTL_SECONDS = 60;

    private final DatagramSocket socket;
    private final byte[] address;

    private NameServer(DatagramSocket socket, byte[] address) {
        this.socket = socket;
        this.address = address;
        Thread.ofPlatform().daemon().start(this::run);
    }

    /**
     * Opens one at an address of a namespace.
     *
     * @param answer IPv4 address
     */
    public static NameServer open(String namespace, String address, int port, String answer)
            throws Exception {
        InetAddress at = Lan.inet(address);
        byte[] bytes = Lan.inet(answer).getAddress();
        return TestNamespaces.call(
                namespace, () -> new NameServer(new DatagramSocket(port, at), bytes));
    }

    private void run() {
        DatagramPacket packet = new DatagramPacket(new byte[MAX_BYTES], MAX_BYTES);
        try {
            while (true) {
                packet.setLength(MAX_BYTES);
                socket.receive(packet);
                byte[] response = answer(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
                socket.send(
                        new DatagramPacket(response, response.length, packet.getSocketAddress()));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private byte[] answer(ByteBuffer query) {
        int end = HEADER_BYTES;
        while (query.get(end) != 0) {
            end += 1 + Byte.toUnsignedInt(query.get(end));
        }
        byte[] question = new byte[end + 5 - HEADER_BYTES];
        query.get(HEADER_BYTES, question);
        ByteBuffer response = ByteBuffer.allocate(HEADER_BYTES + question.length + 16);
        response.putShort(query.getShort(0)).putShort(FLAGS);
        response.putShort((short) 1).putShort((short) 1).putShort((short) 0).putShort((short) 0);
        response.put(question);
        response.putShort(NAME_OF_QUESTION).putShort(TYPE_A).putShort(CLASS_IN);
        response.putInt(TTL_SECONDS).putShort((short) address.length).put(address);
        return response.array();
    }

    @Override
    public void close() {
        socket.close();
    }
}
