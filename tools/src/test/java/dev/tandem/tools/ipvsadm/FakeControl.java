package dev.tandem.tools.ipvsadm;

import static java.util.Objects.requireNonNull;

import dev.tandem.director.conn.ConnectionView;
import dev.tandem.tools.api.Ipvs;
import dev.tandem.tools.api.IpvsAnswer;
import dev.tandem.tools.api.IpvsOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A kernel with fixed data that answers every change alike, and remembers it. */
final class FakeControl implements IpvsControl {
    private static final Map<Integer, String> ERRNOS =
            Map.ofEntries(
                    Map.entry(0, ""),
                    Map.entry(1, "EPERM"),
                    Map.entry(2, "ENOENT"),
                    Map.entry(3, "ESRCH"),
                    Map.entry(12, "ENOMEM"),
                    Map.entry(17, "EEXIST"),
                    Map.entry(19, "ENODEV"),
                    Map.entry(22, "EINVAL"),
                    Map.entry(34, "ERANGE"),
                    Map.entry(92, "ENOPROTOOPT"),
                    Map.entry(97, "EAFNOSUPPORT"));

    private final Ipvs ipvs;
    private final IpvsAnswer.Result result;
    final List<IpvsOperation> applied = new ArrayList<>();

    FakeControl(Ipvs ipvs, int errno) {
        this(ipvs, new IpvsAnswer.Result(requireNonNull(ERRNOS.get(errno)), ""));
    }

    FakeControl(Ipvs ipvs, IpvsAnswer.Result result) {
        this.ipvs = ipvs;
        this.result = result;
    }

    @Override
    public Ipvs snapshot() {
        return ipvs;
    }

    @Override
    public List<ConnectionView> connections() {
        return GoldenData.connections();
    }

    @Override
    public List<IpvsAnswer.Result> apply(List<IpvsOperation> operations) {
        applied.addAll(operations);
        return operations.stream().map(_ -> result).toList();
    }
}
