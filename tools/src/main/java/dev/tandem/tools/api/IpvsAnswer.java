package dev.tandem.tools.api;

import java.util.List;

/**
 * Answer to {@code POST /v1/ipvs}.
 *
 * @param results one for each operation
 */
public record IpvsAnswer(List<Result> results) {

    /**
     * What became of one operation.
     *
     * @param errno name of the error that a kernel gives, such as EEXIST; empty when it was done
     * @param reason what there is to say beyond the errno, for people; often empty
     */
    public record Result(String errno, String reason) {
        public static final Result DONE = new Result("", "");
    }
}
