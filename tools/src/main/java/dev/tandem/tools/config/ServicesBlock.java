package dev.tandem.tools.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
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
        Optional<List<MappingNode>> clusters = TextNodes.clusters(text);
        return clusters.map(mappings -> mappings.stream().map(ServicesBlock::of).toList());
    }

    private static ServicesBlock of(MappingNode mapping) {
        String cluster = TextNodes.cluster(mapping);
        int column = TextNodes.startColumn(mapping);
        for (NodeTuple tuple : mapping.getValue()) {
            if (TextNodes.key(tuple.getKeyNode()).equals("services")) {
                Node value = tuple.getValueNode();
                List<Lines> items = new ArrayList<>();
                if (value instanceof SequenceNode sequence && !TextNodes.isFlow(value)) {
                    for (Node item : sequence.getValue()) {
                        items.add(new Lines(TextNodes.startLine(item), TextNodes.lastLine(item)));
                    }
                }
                int first = TextNodes.startLine(tuple.getKeyNode());
                return new ServicesBlock(
                        cluster,
                        column,
                        first,
                        Math.max(first, TextNodes.lastLine(value)),
                        items,
                        items.isEmpty() ? column + 2 : TextNodes.startColumn(value));
            }
        }
        int last = TextNodes.lastLine(mapping);
        return new ServicesBlock(cluster, column, last + 1, last, List.of(), column + 2);
    }
}
