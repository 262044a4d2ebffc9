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

/**
 * Where in a configuration file the services of a cluster stand; lines are counted from 0.
 *
 * @param cluster the cluster's name
 * @param column of the key {@code services}, or where it would be
 * @param firstLine of the key; for one that is missing the line that it comes before
 * @param lastLine of its value; before {@code firstLine} when it is missing
 * @param items where each service begins and ends, in a list with an item on each line
 * @param itemColumn of the dashes of these
 */
record ServicesBlock(
        String cluster,
        int column,
        int firstLine,
        int lastLine,
        List<Lines> items,
        int itemColumn) {
    /** From a first to a last line. */
    record Lines(int first, int last) {}

    /** Whether the file has it as a list with an item on each line. */
    boolean isBlock() {
        return !items.isEmpty();
    }

    /**
     * Finds the services of all clusters in a text that was read as a configuration.
     *
     * @return empty when it is written in a way that cannot be edited by lines
     */
    static Optional<List<ServicesBlock>> find(String text) {
        Node root =
                new Compose(LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build())
                        .composeString(text)
                        .orElseThrow();
        List<ServicesBlock> blocks = new ArrayList<>();
        Node clusters = keys((MappingNode) root).get("clusters");
        List<Node> mappings =
                clusters == null
                        ? List.of(root)
                        : List.copyOf(((SequenceNode) clusters).getValue());
        for (Node mapping : mappings) {
            if (isFlow(mapping) || (clusters != null && isFlow(clusters))) {
                return Optional.empty();
            }
            blocks.add(of((MappingNode) mapping));
        }
        return Optional.of(blocks);
    }

    private static ServicesBlock of(MappingNode mapping) {
        String cluster = ((ScalarNode) requireNonNull(keys(mapping).get("cluster"))).getValue();
        int column = startColumn(mapping);
        for (NodeTuple tuple : mapping.getValue()) {
            if (((ScalarNode) tuple.getKeyNode()).getValue().equals("services")) {
                Node value = tuple.getValueNode();
                List<Lines> items = new ArrayList<>();
                if (value instanceof SequenceNode sequence && !isFlow(value)) {
                    for (Node item : sequence.getValue()) {
                        items.add(new Lines(startLine(item), lastLine(item)));
                    }
                }
                int first = startLine(tuple.getKeyNode());
                return new ServicesBlock(
                        cluster,
                        column,
                        first,
                        Math.max(first, lastLine(value)),
                        items,
                        items.isEmpty() ? column + 2 : startColumn(value));
            }
        }
        int last = lastLine(mapping);
        return new ServicesBlock(cluster, column, last + 1, last, List.of(), column + 2);
    }

    private static Map<String, Node> keys(MappingNode mapping) {
        Map<String, Node> keys = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            keys.put(((ScalarNode) tuple.getKeyNode()).getValue(), tuple.getValueNode());
        }
        return keys;
    }

    private static boolean isFlow(Node node) {
        return node instanceof CollectionNode<?> collection
                && collection.getFlowStyle() == FlowStyle.FLOW;
    }

    /** Of a block collection that of its last member: the parser's own mark is behind comments. */
    private static int lastLine(Node node) {
        if (node instanceof MappingNode mapping && !isFlow(node)) {
            return mapping.getValue().stream()
                    .mapToInt(t -> Math.max(lastLine(t.getKeyNode()), lastLine(t.getValueNode())))
                    .max()
                    .orElse(startLine(node));
        }
        if (node instanceof SequenceNode sequence && !isFlow(node)) {
            return sequence.getValue().stream()
                    .mapToInt(ServicesBlock::lastLine)
                    .max()
                    .orElse(startLine(node));
        }
        return node.getEndMark().orElseThrow().getLine();
    }

    private static int startLine(Node node) {
        return node.getStartMark().orElseThrow().getLine();
    }

    private static int startColumn(Node node) {
        return node.getStartMark().orElseThrow().getColumn();
    }
}
