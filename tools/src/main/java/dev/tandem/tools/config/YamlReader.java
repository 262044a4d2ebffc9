package dev.tandem.tools.config;

import dev.tandem.tools.config.YamlNode.Entry;
import dev.tandem.tools.config.YamlNode.Mapping;
import dev.tandem.tools.config.YamlNode.Scalar;
import dev.tandem.tools.config.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Builds {@link YamlNode}s from the parser's events, because the library's own loaders forget the
 * lines and follow aliases.
 *
 * <p>What can make a small file big or endless is refused before it costs anything: aliases, tags,
 * more than one document, and nesting deeper than a configuration can be.
 */
final class YamlReader {
    /** Far more than thousands of services need. */
    static final int MAX_CHARACTERS = 4 << 20;

    private static final int MAX_DEPTH = 16;

    private final Iterator<Event> events;
    private int depth;

    private YamlReader(Iterator<Event> events) {
        this.events = events;
    }

    /**
     * Parses one document.
     *
     * @throws Refused when it is not YAML, or uses what a configuration must not
     */
    static YamlNode read(String text) throws Refused {
        if (text.length() > MAX_CHARACTERS) {
            throw new Refused(1, "the file is larger than " + MAX_CHARACTERS + " characters");
        }
        LoadSettings settings = LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
        try {
            return new YamlReader(new Parse(settings).parseString(text).iterator()).document();
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new Refused(line, "this is not YAML: " + e.getProblem() + context(e));
        } catch (YamlEngineException e) {
            throw new Refused(1, "this is not YAML: " + e.getMessage());
        }
    }

    private static String context(MarkedYamlEngineException e) {
        return e.getContextMark()
                .map(mark -> " " + e.getContext() + " that began in line " + (mark.getLine() + 1))
                .orElse("");
    }

    private YamlNode document() throws Refused {
        Event streamStart = events.next();
        Event first = events.next();
        if (first.getEventId() == Event.ID.StreamEnd) {
            throw new Refused(line(streamStart), "the file is empty");
        }
        YamlNode root = node(events.next());
        events.next();
        Event last = events.next();
        if (last.getEventId() != Event.ID.StreamEnd) {
            throw new Refused(line(last), "a second document (---) begins; one file is one node");
        }
        return root;
    }

    private YamlNode node(Event event) throws Refused {
        if (event instanceof AliasEvent) {
            throw new Refused(line(event), "aliases (*name) are not allowed; write it out");
        }
        if (event instanceof NodeEvent anchored && anchored.getAnchor().isPresent()) {
            throw new Refused(line(event), "anchors (&name) are not allowed; write it out");
        }
        return switch (event) {
            case ScalarEvent scalar -> scalar(scalar);
            case SequenceStartEvent start -> sequence(start);
            case MappingStartEvent start -> mapping(start);
            default -> throw new Refused(line(event), "a value was expected here");
        };
    }

    private static Scalar scalar(ScalarEvent event) throws Refused {
        refuseTag(event.getTag().isPresent(), event);
        return new Scalar(line(event), event.getValue(), !event.isPlain());
    }

    private Sequence sequence(SequenceStartEvent start) throws Refused {
        enter(start);
        List<YamlNode> items = new ArrayList<>();
        for (Event e = events.next(); e.getEventId() != Event.ID.SequenceEnd; e = events.next()) {
            items.add(node(e));
        }
        depth--;
        return new Sequence(line(start), items);
    }

    private Mapping mapping(MappingStartEvent start) throws Refused {
        enter(start);
        List<Entry> entries = new ArrayList<>();
        for (Event e = events.next(); e.getEventId() != Event.ID.MappingEnd; e = events.next()) {
            if (!(node(e) instanceof Scalar key)) {
                throw new Refused(line(e), "a key must be a single word");
            }
            entries.add(new Entry(key.line(), key.text(), node(events.next())));
        }
        depth--;
        return new Mapping(line(start), entries);
    }

    private void enter(CollectionStartEvent start) throws Refused {
        refuseTag(start.getTag().isPresent(), start);
        if (++depth > MAX_DEPTH) {
            throw new Refused(line(start), "nested deeper than " + MAX_DEPTH + " levels");
        }
    }

    private static void refuseTag(boolean tagged, Event event) throws Refused {
        if (tagged) {
            throw new Refused(line(event), "tags (!name) are not allowed");
        }
    }

    private static int line(Event event) {
        return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    /** Why a file cannot be read at all, and the line at which that became clear. */
    static final class Refused extends Exception {
        private final int line;

        Refused(int line, String message) {
            super(message, null, false, false);
            this.line = line;
        }

        int line() {
            return line;
        }
    }
}
