package dev.tandem.director.service;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How many connections a real server has, and whether they are too many. Written by the worker
 * thread only; any thread may read.
 *
 * <p>At the upper threshold the server is overloaded and stays so until it has fewer connections
 * than the lower one: in between nothing changes. Active and inactive connections count, templates
 * do not.
 */
final class ConnectionCounts {
    static final int ACTIVE = 0;
    static final int INACTIVE = 1;
    static final int TEMPLATES = 2;

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(int[].class);

    private final int[] cells = new int[3];

    /** 0: no limit. */
    private int upper;

    private int effectiveLower;
    private volatile boolean overloaded;

    int get(int cell) {
        return (int) CELLS.getOpaque(cells, cell);
    }

    boolean overloaded() {
        return overloaded;
    }

    boolean isZero() {
        return total() + cells[TEMPLATES] == 0;
    }

    /**
     * The present number of connections is judged at once.
     *
     * @param lowerThreshold 0: three quarters of the upper one, rounded up
     */
    void thresholds(int upperThreshold, int lowerThreshold) {
        upper = upperThreshold;
        effectiveLower = lowerThreshold > 0 ? lowerThreshold : upper - upper / 4;
        if (upper == 0) {
            overloaded = false;
        } else {
            raiseIfFull();
            clearIfBelow();
        }
    }

    void bind(int cell) {
        add(cell, 1);
        if (cell != TEMPLATES) {
            raiseIfFull();
        }
    }

    void unbind(int cell) {
        add(cell, -1);
        if (cell != TEMPLATES) {
            clearIfBelow();
        }
    }

    void move(int from, int to) {
        add(from, -1);
        add(to, 1);
    }

    private void raiseIfFull() {
        if (upper > 0 && !overloaded && total() >= upper) {
            overloaded = true;
        }
    }

    private void clearIfBelow() {
        if (overloaded && total() < effectiveLower) {
            overloaded = false;
        }
    }

    private int total() {
        return cells[ACTIVE] + cells[INACTIVE];
    }

    private void add(int cell, int amount) {
        CELLS.setOpaque(cells, cell, cells[cell] + amount);
    }
}
