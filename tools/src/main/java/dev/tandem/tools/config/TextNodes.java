package dev.tandem.tools.config;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Where things stand in a text that was read as a configuration; lines and columns from 0. */
final class TextNodes {
    private TextNodes() {}

    /**
     * The clusters of a file, in its order.
     *
     * @return empty when one is written in braces, which cannot be edited by lines
     */
    static Optional<List<MappingNode>> clusters(String text) {
        Node root =
                new Compose(LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build())
                        .composeString(text)
                        .orElseThrow();
        Node clusters = keys((MappingNode) root).get("clusters");
        if (clusters != null && isFlow(clusters)) {
            return Optional.empty();
        }
        List<MappingNode> mappings = new ArrayList<>();
        for (Node mapping :
                clusters == null ? List.of(root) : ((SequenceNode) clusters).getValue()) {
            if (isFlow(mapping)) {
                return Optional.empty();
            }
            mappings.add((MappingNode) mapping);
        }
        return Optional.of(mappings);
    }

    /** The name of a cluster. */
    static String cluster(MappingNode mapping) {
        return key(requireNonNull(keys(mapping).get("cluster")));
    }

    /** The text of a single value, such as a key. */
    static String key(Node node) {
        return ((ScalarNode) node).getValue();
    }

    private static Map<String, Node> keys(MappingNode mapping) {
        Map<String, Node> keys = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            keys.put(key(tuple.getKeyNode()), tuple.getValueNode());
        }
        return keys;
    }

    static boolean isFlow(Node node) {
        return node instanceof CollectionNode<?> collection
                && collection.getFlowStyle() == FlowStyle.FLOW;
    }

    /** Of a block collection that of its last member: the parser's own mark is behind comments. */
    static int lastLine(Node node) {
        if (node instanceof MappingNode mapping && !isFlow(node)) {
            return mapping.getValue().stream()
                    .mapToInt(t -> Math.max(lastLine(t.getKeyNode()), lastLine(t.getValueNode())))
                    .max()
                    .orElse(startLine(node));
        }
        if (node instanceof SequenceNode sequence && !isFlow(node)) {
            return sequence.getValue().stream()
                    .mapToInt(TextNodes::lastLine)
                    .max()
                    .orElse(startLine(node));
        }
        return node.getEndMark().orElseThrow().getLine();
    }

    static int startLine(Node node) {
        return node.getStartMark().orElseThrow().getLine();
    }

    /** Behind its last character, in the line where it ends. */
    static int endColumn(Node node) {
        return node.getEndMark().orElseThrow().getColumn();
    }

    static int startColumn(Node node) {
        return node.getStartMark().orElseThrow().getColumn();
    }
}
