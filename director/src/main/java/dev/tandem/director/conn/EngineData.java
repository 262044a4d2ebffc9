package dev.tandem.director.conn;

import dev.tandem.director.io.Memory;
import dev.tandem.sync.wire.SyncOption;
import dev.tandem.sync.wire.SyncOptions;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A persistence engine's name and the data that it made a template of, for example "sip" and a
 * Call-ID. Filled anew for each use; belongs to one thread.
 */
public final class EngineData {
    /** The longest data in bytes. */
    public static final int MAX_DATA_LENGTH = SyncOption.MAX_PE_DATA_LENGTH;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Zero behind the data up to a multiple of 8. */
    private final byte[] data = new byte[MAX_DATA_LENGTH + 1];

    private final byte[] name = new byte[SyncOption.MAX_PE_NAME_LENGTH];
    private int dataLength;
    private int nameLength;

    /** Forgets what it held. */
    public void clear() {
        dataLength = 0;
        nameLength = 0;
    }

    /** Takes over what a record's options say; nothing when they are not both there. */
    public void set(SyncOptions options) {
        clear();
        if (!options.hasEngineData() || !options.hasEngineName()) {
            return;
        }
        dataLength = options.copyEngineData(data);
        pad();
        nameLength = options.copyEngineName(name);
    }

    /** Takes over bytes: 1 to 16 of the name, 1 to 255 of data. */
    public void set(byte[] newName, byte[] newData) {
        if (newName.length < 1
                || newName.length > name.length
                || newData.length < 1
                || newData.length > MAX_DATA_LENGTH) {
            throw new IllegalArgumentException(
                    "engine name of %d bytes with %d bytes of data"
                            .formatted(newName.length, newData.length));
        }
        nameLength = newName.length;
        System.arraycopy(newName, 0, name, 0, nameLength);
        dataLength = newData.length;
        System.arraycopy(newData, 0, data, 0, dataLength);
        pad();
    }

    /**
     * Takes over a name of 1 to 16 bytes, and data that lie in memory.
     *
     * @param length of the data, 1 to {@value #MAX_DATA_LENGTH} bytes
     */
    public void set(byte[] newName, long address, int length) {
        nameLength = newName.length;
        System.arraycopy(newName, 0, name, 0, nameLength);
        dataLength = length;
        for (int i = 0; i < length; i++) {
            data[i] = (byte) Memory.getByte(address + i);
        }
        pad();
    }

    /** Copies the name to the beginning of an array that has the room. */
    public void copyName(byte[] target) {
        System.arraycopy(name, 0, target, 0, nameLength);
    }

    /** Copies the data to the beginning of an array that has the room. */
    public void copyData(byte[] target) {
        System.arraycopy(data, 0, target, 0, dataLength);
    }

    /** A copy of the name's bytes. */
    public byte[] name() {
        return Arrays.copyOf(name, nameLength);
    }

    /** A copy of the data. */
    public byte[] data() {
        return Arrays.copyOf(data, dataLength);
    }

    void addName(byte b) {
        name[nameLength++] = b;
    }

    void addData(byte b) {
        data[dataLength++] = b;
        if (dataLength % Long.BYTES == 1) {
            pad();
        }
    }

    public boolean isEmpty() {
        return dataLength == 0;
    }

    /** 0 to 255. */
    public int dataLength() {
        return dataLength;
    }

    public byte data(int i) {
        return data[i];
    }

    /** 0 to 16. */
    public int nameLength() {
        return nameLength;
    }

    public byte name(int i) {
        return name[i];
    }

    /** Eight bytes of data from {@code i} on, a multiple of 8; zeros behind the end. */
    long word(int i) {
        return (long) LONGS.get(data, i);
    }

    private void pad() {
        int end = (dataLength + Long.BYTES - 1) & -Long.BYTES;
        for (int i = dataLength; i < end; i++) {
            data[i] = 0;
        }
    }
}
