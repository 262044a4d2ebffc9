package dev.tandem.tools.interop;

import java.io.IOException;
import java.util.List;

/**
 * A director that is commanded by {@code ipvsadm}: the kernel by the real one, Tandem by its own.
 */
interface Ipvs {
    /** Runs ipvsadm with arguments that hold no blanks, and returns what it printed. */
    String ipvsadm(String arguments) throws IOException;

    /** Adds services and servers: lines of {@code ipvsadm --restore}. */
    void services(List<String> rules) throws IOException;

    /** Takes the virtual addresses and the servers' gateway. */
    void takeAddresses() throws Exception;

    /** Gives them up. */
    void releaseAddresses() throws Exception;
}
