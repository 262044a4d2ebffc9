package dev.tandem.tools.ipvsadm;

import dev.tandem.director.conn.ConnectionView;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Ipvs;
import dev.tandem.tools.api.IpvsAnswer;
import dev.tandem.tools.api.IpvsOperation;
import java.io.IOException;
import java.util.List;

/** Where a kernel's IPVS would be: the running daemon, or what a test puts in its place. */
interface IpvsControl {
    /** Everything but the connections. */
    Ipvs snapshot() throws ApiException, IOException;

    /** The connections and templates. */
    List<ConnectionView> connections() throws ApiException, IOException;

    /** Makes changes, one after the other; each has a result. */
    List<IpvsAnswer.Result> apply(List<IpvsOperation> operations) throws ApiException, IOException;
}
