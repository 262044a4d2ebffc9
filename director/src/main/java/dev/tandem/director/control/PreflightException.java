package dev.tandem.director.control;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** A host on which a director cannot work, with every reason and its cure. */
public final class PreflightException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient List<Preflight.Problem> problems;

    public PreflightException(List<Preflight.Problem> problems) {
        super(
                problems.stream()
                        .map(problem -> problem.reason() + " (" + problem.cure() + ")")
                        .collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    public List<Preflight.Problem> problems() {
        return problems;
    }
}
