package dev.tandem.director.sched;

/**
 * {@code dh}: the same server for all that is sent to the same address. Weights only tell whether a
 * server is there at all; when it is not, nobody takes its place. When a server comes or goes
 * nearly all addresses change theirs, as in the kernel: {@code mh} is better there.
 */
final class DestinationHash implements Scheduler {
    private final HashTable table = new HashTable();

    @Override
    public int pick(Candidate[] servers, Flow flow, long nowNs) {
        int address = AddressHash.fold(flow.virtualHigh(), flow.virtualLow());
        int server = table.server(HashTable.bucketOf(address));
        return server != NONE && servers[server].available() ? server : NONE;
    }

    @Override
    public void bound(Candidate[] servers) {
        table.fill(servers, false);
    }

    @Override
    public void added(Candidate[] servers) {
        table.fill(servers, false);
    }

    @Override
    public void removed(Candidate[] servers, int index) {
        table.fill(servers, false);
    }
}
