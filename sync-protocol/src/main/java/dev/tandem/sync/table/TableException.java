package dev.tandem.sync.table;

import java.io.IOException;

/** The other end does not speak as it must; the connection is of no use. */
final class TableException extends IOException {
    private static final long serialVersionUID = 1;

    private final Fault fault;

    /** What is counted. */
    enum Fault {
        GARBAGE,
        FOREIGN_SYNC_ID,
        UNSIGNED,
        BAD_SIGNATURE,
        SILENT
    }

    TableException(Fault fault, String message) {
        super(message);
        this.fault = fault;
    }

    Fault fault() {
        return fault;
    }
}
