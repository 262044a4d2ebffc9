package dev.tandem.director.config;

/**
 * How packets to a real server are wrapped when it is reached by tunnel.
 *
 * @param port UDP port of GUE, 1 to 65535; 0 for the others
 */
public record Tunnel(Type type, int port, Checksum checksum) {
    /** Plain IP in IP, the default. */
    public static final Tunnel IPIP = new Tunnel(Type.IPIP, 0, Checksum.NONE);

    /** The encapsulation; codes of IP_VS_CONN_F_TUNNEL_TYPE_*. */
    public enum Type {
        /** RFC 2003, RFC 2473, RFC 4213. */
        IPIP(0),
        /** Generic UDP encapsulation. */
        GUE(1),
        /** RFC 2784. */
        GRE(2);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }
    }

    /** The checksum of the wrapping; codes of IP_VS_TUNNEL_ENCAP_FLAG_*. */
    public enum Checksum {
        NONE(0),
        /** Over the outer header and all that follows. */
        CSUM(1),
        /** GUE only: the receiver computes the inner checksum from the outer one. */
        REMCSUM(2);

        private final int code;

        Checksum(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }
    }
}
