package dev.tandem.director.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A classic BPF program (linux/filter.h) that lets a socket see only frames of certain lengths, so
 * that short frames and super-frames go to rings of their own.
 */
final class LengthFilter {
    /** BPF_LD | BPF_W | BPF_LEN: loads the frame's length, Ethernet header included. */
    private static final int LOAD_LENGTH = 0x80;

    /** BPF_JMP | BPF_JGT | BPF_K. */
    private static final int JUMP_IF_GREATER = 0x25;

    /** BPF_JMP | BPF_JGE | BPF_K. */
    private static final int JUMP_IF_NOT_LESS = 0x35;

    /** BPF_RET | BPF_K: how many bytes of the frame to take; 0 drops it. */
    private static final int RETURN = 0x06;

    private static final int EVERYTHING = 0x7FFF_FFFF;
    private static final int INSTRUCTIONS = 5;
    private static final int INSTRUCTION_LENGTH = 8;

    private LengthFilter() {}

    static void attach(int fd, int minimumLength, int maximumLength) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long code = arena.allocate(INSTRUCTIONS * INSTRUCTION_LENGTH, 8).address();
            put(code, 0, LOAD_LENGTH, 0, 0, 0);
            put(code, 1, JUMP_IF_NOT_LESS, 0, 2, minimumLength);
            put(code, 2, JUMP_IF_GREATER, 1, 0, maximumLength);
            put(code, 3, RETURN, 0, 0, EVERYTHING);
            put(code, 4, RETURN, 0, 0, 0);
            MemorySegment program = arena.allocate(16, 8); // struct sock_fprog
            program.set(ValueLayout.JAVA_SHORT, 0, (short) INSTRUCTIONS);
            program.set(ValueLayout.JAVA_LONG, 8, code);
            Native.setOption(fd, PacketSocket.SOL_SOCKET, PacketSocket.SO_ATTACH_FILTER, program);
        }
    }

    /** struct sock_filter: u16 code, u8 jump if true, u8 jump if false, u32 k. */
    private static void put(
            long code, int index, int operation, int jumpTrue, int jumpFalse, int operand) {
        long instruction = code + (long) index * INSTRUCTION_LENGTH;
        Memory.putShort(instruction, operation);
        Memory.putByte(instruction + 2, jumpTrue);
        Memory.putByte(instruction + 3, jumpFalse);
        Memory.putInt(instruction + 4, operand);
    }
}
