package dev.tandem.tools.sync;

import dev.tandem.director.conn.EntryStates;
import dev.tandem.director.packet.Addresses;
import dev.tandem.sync.SyncVerdict;
import dev.tandem.sync.capture.FrameVerdict;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncRecord;
import dev.tandem.sync.wire.SyncState;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands in sync messages as people call it: the words of the kernel's and ipvsadm's lists.
 */
final class Words {
    private static final String[] METHODS = {"MASQ", "LOCALNODE", "TUNNEL", "DROUTE", "BYPASS"};

    private Words() {}

    /** TCP, UDP, SCTP, IP for templates of firewall marks, ESP, AH, or the number. */
    static String protocol(int number) {
        return switch (number) {
            case IpProtocol.IP -> "IP";
            case IpProtocol.TCP -> "TCP";
            case IpProtocol.UDP -> "UDP";
            case IpProtocol.SCTP -> "SCTP";
            case IpProtocol.ESP -> "ESP";
            case IpProtocol.AH -> "AH";
            default -> Integer.toString(number);
        };
    }

    /** The state's name, or its number in angle brackets when the protocol has no such state. */
    static String state(SyncRecord record) {
        boolean template = record.isTemplate();
        int state = record.state();
        int states = template ? SyncState.TEMPLATE_COUNT : SyncState.count(record.protocol());
        return state < states
                ? EntryStates.name(record.protocol(), template, state)
                : "<" + state + ">";
    }

    /** The flags by the kernel's names, the forwarding method first; bits without name in hex. */
    static String flags(int flags) {
        List<String> names = new ArrayList<>();
        int method = flags & SyncFlags.FWD_MASK;
        names.add(method < METHODS.length ? METHODS[method] : "METHOD_" + method);
        int rest = flags & ~SyncFlags.FWD_MASK;
        rest = name(names, rest, SyncFlags.SYNC, "SYNC");
        rest = name(names, rest, SyncFlags.HASHED, "HASHED");
        rest = name(names, rest, SyncFlags.NOOUTPUT, "NOOUTPUT");
        rest = name(names, rest, SyncFlags.INACTIVE, "INACTIVE");
        rest = name(names, rest, SyncFlags.OUT_SEQ, "OUT_SEQ");
        rest = name(names, rest, SyncFlags.IN_SEQ, "IN_SEQ");
        rest = name(names, rest, SyncFlags.NO_CPORT, "NO_CPORT");
        rest = name(names, rest, SyncFlags.TEMPLATE, "TEMPLATE");
        rest = name(names, rest, SyncFlags.ONE_PACKET, "ONE_PACKET");
        rest = name(names, rest, SyncFlags.NFCT, "NFCT");
        if (rest != 0) {
            names.add("0x" + Integer.toHexString(rest));
        }
        return String.join("|", names);
    }

    private static int name(List<String> names, int flags, int flag, String name) {
        if ((flags & flag) != 0) {
            names.add(name);
        }
        return flags & ~flag;
    }

    static String client(SyncRecord r) {
        return r.isIpv6()
                ? Addresses.format(r.clientAddressHigh(), r.clientAddressLow())
                : Addresses.format(r.clientAddress());
    }

    static String virtual(SyncRecord r) {
        return r.isIpv6()
                ? Addresses.format(r.virtualAddressHigh(), r.virtualAddressLow())
                : Addresses.format(r.virtualAddress());
    }

    static String real(SyncRecord r) {
        return r.isIpv6()
                ? Addresses.format(r.realAddressHigh(), r.realAddressLow())
                : Addresses.format(r.realAddress());
    }

    /** ADDRESS:PORT or [ADDRESS]:PORT. */
    static String endpoint(String address, int port) {
        return address.indexOf(':') < 0 ? address + ":" + port : "[" + address + "]:" + port;
    }

    /** An address of a {@link dev.tandem.sync.capture.CapturedDatagram}. */
    static String address(boolean ipv6, long high, long low) {
        return ipv6 ? Addresses.format(high, low) : Addresses.format((int) low);
    }

    /** Why a datagram or record was refused, in a sentence. */
    static String reason(SyncVerdict verdict) {
        return switch (verdict) {
            case ACCEPTED -> "taken";
            case DATAGRAM_TOO_SHORT -> "shorter than 4 bytes, there is no size to look at";
            case SIZE_MISMATCH -> "the size field differs from the datagram's length";
            case FOREIGN_SYNC_ID -> "another sync id";
            case HEADER_TOO_SHORT -> "ends within the version 1 header";
            case UNKNOWN_VERSION ->
                    "first byte 0 but not version 1: to a kernel an empty version 0 message";
            case RECORD_CUT -> "fewer bytes are left than the smallest record has";
            case RECORD_OVERRUN -> "the record's length reaches past the datagram";
            case RECORD_VERSION -> "the record's version is not 0";
            case RECORD_TYPE -> "the record is neither IPv4 nor IPv6";
            case RECORD_TOO_SMALL -> "the record's length does not hold its fixed fields";
            case OPTION_CUT -> "a single byte stands where an option should start";
            case OPTION_LENGTH -> "an option is empty or reaches past its record";
            case OPTION_SEQUENCE -> "sequence data are not 24 bytes, or there twice";
            case OPTION_ENGINE_DATA -> "persistence-engine data are there twice";
            case OPTION_ENGINE_NAME -> "an engine name of more than 16 bytes, or there twice";
            case OPTION_UNKNOWN -> "an option that is neither known nor marked as optional";
            case RECORD_FLAGS ->
                    "a one-packet connection, or a template that waits for its client's port";
            case RECORD_PROTOCOL -> "a connection of a protocol that IPVS does not balance";
            case RECORD_STATE -> "a state that the protocol does not have";
            case ENGINE_UNKNOWN -> "engine data without a name, or of an engine not known here";
        };
    }

    /** Why a frame gave no datagram, in a sentence. */
    static String reason(FrameVerdict verdict) {
        return switch (verdict) {
            case DATAGRAM -> "a datagram";
            case FRAGMENT -> "a fragment, the rest to come";
            case NOT_IP -> "no IP packet";
            case NOT_UDP -> "no UDP datagram";
            case CUT -> "the capture holds only the frame's beginning";
            case BAD_IP -> "the IP header contradicts itself, or its checksum is wrong";
            case BAD_UDP_LENGTH -> "the UDP length does not fit the packet";
            case BAD_CHECKSUM -> "the UDP checksum is wrong";
            case BAD_FRAGMENT -> "a fragment of impossible place or length, or there twice";
            case OVERLAP -> "fragments overlap";
            case INCOMPLETE -> "fragments are missing";
        };
    }
}
