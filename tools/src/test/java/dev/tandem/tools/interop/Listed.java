package dev.tandem.tools.interop;

import java.util.List;

/** Who has a connection table that can be compared with another's. */
interface Listed {
    /** Its entries in the kernel's words. */
    List<TableRow> table() throws Exception;
}
