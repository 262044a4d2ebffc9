package dev.tandem.director.forward;

/** Why a frame was not forwarded; each is counted, and each has a sentence for people. */
public enum DropReason {
    NOT_OWNER("this director does not own the addresses at the moment"),
    DRAINING("new connection while the addresses are being handed over"),
    NOT_OURS("neither addressed to a virtual address nor part of a connection"),
    NOT_IPV4("not an IPv4 packet"),
    TRUNCATED("the frame ends before its headers or its IP length say"),
    BAD_IP_HEADER("the IP header length or total length is impossible"),
    BAD_IP_CHECKSUM("the IP header checksum is wrong"),
    MARTIAN_SOURCE("the source address cannot be on the wire, or is one of our own"),
    FRAGMENT("an IP fragment; fragments are not reassembled"),
    BAD_TRANSPORT_HEADER("the TCP or UDP header is cut short or impossible"),
    UNKNOWN_PROTOCOL("neither TCP, UDP nor ICMP"),
    NO_CONNECTION("a TCP segment that opens nothing and belongs to no connection"),
    NO_SERVICE("no virtual service on that port"),
    NO_SERVER("the service has no server to give"),
    SERVER_GONE("the connection's server was taken out of the service"),
    TABLE_FULL("the connection table is full"),
    UNSUPPORTED_METHOD("a synced connection with a forwarding method that is not supported here"),
    TTL_EXPIRED("the time to live ran out"),
    TOO_BIG("larger than the route's MTU and must not be fragmented; the sender was told"),
    TOO_BIG_TO_FRAGMENT("larger than the route's MTU; it may be fragmented, but not by us"),
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
}
