package dev.tandem.director.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * A classic BPF program (linux/filter.h) that lets a packet socket see only some of the frames of
 * its Ethernet type, so that each kind goes to a ring of its own.
 */
final class SocketFilter {
    /** BPF_LD | BPF_W | BPF_LEN: loads the frame's length, Ethernet header included. */
    private static final int LOAD_LENGTH = 0x80;

    /** BPF_LD | BPF_B | BPF_ABS: loads a byte of the frame; drops the frame when it has none. */
    private static final int LOAD_BYTE = 0x30;

    /** BPF_JMP | BPF_JEQ | BPF_K. */
    private static final int JUMP_IF_EQUAL = 0x15;

    /** BPF_JMP | BPF_JGT | BPF_K. */
    private static final int JUMP_IF_GREATER = 0x25;

    /** BPF_JMP | BPF_JGE | BPF_K. */
    private static final int JUMP_IF_NOT_LESS = 0x35;

    /** BPF_RET | BPF_K: how many bytes of the frame to take; 0 drops it. */
    private static final int RETURN = 0x06;

    private static final int EVERYTHING = 0x7FFF_FFFF;
    private static final int INSTRUCTION_LENGTH = 8;

    /** Where an IPv6 header behind an Ethernet header has its next header; 58 is ICMPv6. */
    private static final int IPV6_NEXT_HEADER = 14 + 6;

    private static final int ICMPV6 = 58;

    /** The type of an ICMPv6 message directly behind such a header. */
    private static final int ICMPV6_TYPE = 14 + 40;

    private static final int ROUTER_SOLICITATION = 133;
    private static final int REDIRECT = 137;

    /** struct sock_filter: u16 code, u8 jump if true, u8 jump if false, u32 k. */
    private record Instruction(int operation, int jumpTrue, int jumpFalse, int operand) {
        Instruction(int operation, int operand) {
            this(operation, 0, 0, operand);
        }
    }

    private final List<Instruction> program;

    private SocketFilter(Instruction... program) {
        this.program = List.of(program);
    }

    /** Frames whose length, Ethernet header included, lies within the limits. */
    static SocketFilter lengths(int minimum, int maximum) {
        return new SocketFilter(
                new Instruction(LOAD_LENGTH, 0),
                new Instruction(JUMP_IF_NOT_LESS, 0, 2, minimum),
                new Instruction(JUMP_IF_GREATER, 1, 0, maximum),
                new Instruction(RETURN, EVERYTHING),
                new Instruction(RETURN, 0));
    }

    /** IPv6 neighbour discovery (RFC 4861): ICMPv6 133 to 137 without extension headers. */
    static SocketFilter neighbourDiscovery() {
        return new SocketFilter(
                new Instruction(LOAD_BYTE, IPV6_NEXT_HEADER),
                new Instruction(JUMP_IF_EQUAL, 0, 4, ICMPV6),
                new Instruction(LOAD_BYTE, ICMPV6_TYPE),
                new Instruction(JUMP_IF_NOT_LESS, 0, 2, ROUTER_SOLICITATION),
                new Instruction(JUMP_IF_GREATER, 1, 0, REDIRECT),
                new Instruction(RETURN, EVERYTHING),
                new Instruction(RETURN, 0));
    }

    void attach(int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long code = arena.allocate((long) program.size() * INSTRUCTION_LENGTH, 8).address();
            for (int i = 0; i < program.size(); i++) {
                put(code + (long) i * INSTRUCTION_LENGTH, program.get(i));
            }
            MemorySegment header = arena.allocate(16, 8); // struct sock_fprog
            header.set(ValueLayout.JAVA_SHORT, 0, (short) program.size());
            header.set(ValueLayout.JAVA_LONG, 8, code);
            Native.setOption(fd, PacketSocket.SOL_SOCKET, PacketSocket.SO_ATTACH_FILTER, header);
        }
    }

    private static void put(long address, Instruction instruction) {
        Memory.putShort(address, instruction.operation());
        Memory.putByte(address + 2, instruction.jumpTrue());
        Memory.putByte(address + 3, instruction.jumpFalse());
        Memory.putInt(address + 4, instruction.operand());
    }
}
