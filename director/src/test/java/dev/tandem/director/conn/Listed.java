package dev.tandem.director.conn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.director.service.RealServer;
import dev.tandem.director.service.Services;
import dev.tandem.director.service.VirtualService;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A table as lines of text, and the servers' counts against it. */
final class Listed {
    private Listed() {}

    /** A line for each entry, in the order of slots. */
    static String text(ConnectionTable table) {
        List<String> lines = new ArrayList<>();
        for (int slot = 0; slot < table.slotCount(); slot++) {
            long entry = table.entryAt(slot);
            if (entry != ConnectionTable.NONE) {
                lines.add(line(entry));
            }
        }
        return String.join("\n", lines);
    }

    static String line(long entry) {
        ConnectionView view = ConnectionView.of(entry, Fixture.START);
        StringBuilder line = new StringBuilder();
        line.append(
                "%s %s %s %s %s %d %x %s%s"
                        .formatted(
                                view.protocol(),
                                view.state(),
                                view.client(),
                                view.virtual(),
                                view.real(),
                                view.timeoutSeconds(),
                                view.flags(),
                                view.forwarding(),
                                view.bound() ? "+" : ""));
        if (view.fwmark() != 0) {
            line.append(" mark=").append(view.fwmark());
        }
        if (!view.peName().isEmpty()) {
            EngineData engine = new EngineData();
            EntryDetails.engine(entry, engine);
            line.append(' ')
                    .append(view.peName())
                    .append(':')
                    .append(new String(engine.data(), StandardCharsets.ISO_8859_1));
        }
        if (EntryDetails.hasSequence(entry)) {
            line.append(" seq=");
            for (int i = 0; i < 6; i++) {
                line.append(i == 0 ? "" : "/").append(EntryDetails.sequence(entry, i));
            }
        }
        return line.toString();
    }

    /** Every server counts exactly the entries that are bound to it. */
    static void assertCounts(ConnectionTable table, Services services) {
        for (VirtualService service : services.list()) {
            for (RealServer server : service.servers()) {
                int active = 0;
                int inactive = 0;
                int templates = 0;
                for (int slot = 0; slot < table.slotCount(); slot++) {
                    long entry = table.entryAt(slot);
                    if (entry == ConnectionTable.NONE
                            || ConnectionEntry.serverId(entry) != server.id()) {
                        continue;
                    }
                    if (ConnectionEntry.isTemplate(entry)) {
                        templates++;
                    } else if (ConnectionEntry.isInactive(entry)) {
                        inactive++;
                    } else {
                        active++;
                    }
                }
                assertEquals(active, server.activeConnections());
                assertEquals(inactive, server.inactiveConnections());
                assertEquals(templates, server.persistentConnections());
            }
        }
    }
}
