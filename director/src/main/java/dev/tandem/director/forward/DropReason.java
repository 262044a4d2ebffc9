package dev.tandem.director.forward;

import dev.tandem.director.packet.Flaw;

/** Why a frame was not forwarded; each is counted, and each has a sentence for people. */
public enum DropReason {
    NOT_OWNER("this director does not own the addresses at the moment"),
    DRAINING("new connection while the addresses are being handed over"),
    NOT_OURS("neither addressed to a virtual address or service nor part of a connection"),
    NOT_IP("neither an IPv4 nor an IPv6 packet"),
    TRUNCATED("the frame ends before its headers or its IP length say"),
    BAD_IP_HEADER("a length in the IP header or its extension headers is impossible"),
    BAD_IP_CHECKSUM("the IP header checksum is wrong"),
    MARTIAN_SOURCE("the source address cannot be on the wire, or is one of our own"),
    SOURCE_ROUTED("an IPv6 routing header asks for a way by other hosts"),
    BAD_FRAGMENT("an IP fragment that overlaps others, or whose offset or length is impossible"),
    FRAGMENT_EVICTED("fragments of a packet that gave way to others before it was complete"),
    FRAGMENT_EXPIRED("fragments of a packet that was not complete in time"),
    BAD_TRANSPORT_HEADER("the TCP, UDP, SCTP, AH or ESP header is cut short or impossible"),
    BAD_TRANSPORT_CHECKSUM("the SCTP checksum is wrong"),
    UNKNOWN_PROTOCOL("neither TCP, UDP, SCTP, AH, ESP nor ICMP"),
    NO_CONNECTION("a packet that opens nothing and belongs to no connection"),
    NO_SERVICE("no virtual service on that port"),
    NO_SERVER("the service has no server to give"),
    SERVER_GONE("the connection's server was taken out of the service"),
    LOCAL_SERVER("the server's address is a loopback address or one of this host itself"),
    SACRIFICED("a new connection given up in a flood, so that others live (drop_packet)"),
    NO_ENGINE_DATA("the service's persistence engine found nothing in the packet to go by"),
    TABLE_FULL("the connection table is full"),
    APP("a helper could not read or rewrite the packet, or waits for the rest of a line"),
    UNSUPPORTED_METHOD("a synced connection with a forwarding method that is not supported here"),
    TTL_EXPIRED("the time to live ran out"),
    TOO_BIG("larger than the route's MTU and must not be fragmented; the sender was told"),
    TOO_BIG_UNTOLD("larger than the route's MTU or than any packet, and its sender cannot be told"),
    MTU_TOO_SMALL("the route to a tunnel's end leaves too little room inside the tunnel"),
    NO_ROUTE("no route to the destination through an interface of the director"),
    PENDING_FULL("the neighbour is not resolved and no more frames may wait for it"),
    PENDING_EXPIRED("the neighbour was not resolved within a second"),
    BAD_ICMP_CHECKSUM("the ICMP checksum is wrong"),
    ICMP_MALFORMED("an ICMP message that is cut short or quotes no usable packet"),
    ICMP_NO_CONNECTION("an ICMP error about a packet of no known connection"),
    ICMP_OTHER("an ICMP message of a kind that is not answered");

    private final String sentence;

    DropReason(String sentence) {
        this.sentence = sentence;
    }

    /** For people: the rest of the sentence "Dropped because …", without a full stop. */
    public String sentence() {
        return sentence;
    }

    static DropReason of(Flaw flaw) {
        return switch (flaw) {
            case NOT_IP -> NOT_IP;
            case TRUNCATED -> TRUNCATED;
            case BAD_IP_HEADER -> BAD_IP_HEADER;
            case BAD_IP_CHECKSUM -> BAD_IP_CHECKSUM;
            case MARTIAN_SOURCE -> MARTIAN_SOURCE;
            case SOURCE_ROUTED -> SOURCE_ROUTED;
            case BAD_TRANSPORT_HEADER -> BAD_TRANSPORT_HEADER;
            case UNKNOWN_PROTOCOL -> UNKNOWN_PROTOCOL;
            case ICMP_MALFORMED -> ICMP_MALFORMED;
            case FRAGMENT -> BAD_FRAGMENT;
        };
    }
}
