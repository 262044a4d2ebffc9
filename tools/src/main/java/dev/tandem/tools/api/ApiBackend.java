package dev.tandem.tools.api;

import java.util.List;

/**
 * What the API asks of the daemon. Called on virtual threads, several at once; every method may
 * block.
 */
public interface ApiBackend {

    /** The node and all its clusters as they are now. */
    Overview overview() throws ApiException;

    /**
     * One cluster as it is now.
     *
     * @param cluster empty where there is only one, here as below
     * @throws ApiException with 400 and the names there are, when it says nothing definite
     */
    Status status(String cluster) throws ApiException;

    /** The connections that match, at most {@link ConnectionQuery#limit()} of them. */
    Connections connections(String cluster, ConnectionQuery query) throws ApiException;

    /** Services, servers, counters, timeouts and sync daemons of one cluster. */
    Ipvs ipvs(String cluster) throws ApiException;

    /**
     * Makes changes to them, one after the other.
     *
     * @throws ApiException with 400 when it is not clear where; what is refused stands in the
     *     answer
     */
    IpvsAnswer ipvs(IpvsRequest request) throws ApiException;

    /**
     * The settings of one cluster.
     *
     * @param names which, by the kernel's names; empty for all
     * @throws ApiException with 400 for a name that is none
     */
    SettingsAnswer settings(String cluster, List<String> names) throws ApiException;

    /**
     * Sets all that is asked for, or nothing.
     *
     * @throws ApiException with 400 and everything that is wrong
     */
    SettingsAnswer settings(SettingsRequest request) throws ApiException;

    /**
     * Moves the addresses to another node, takes or releases them, and waits until that is over.
     *
     * @throws ApiException with 409 and the reason when it was refused
     */
    Report failover(FailoverRequest request) throws ApiException;

    /**
     * Looks at what a planned move would look at first, and does nothing.
     *
     * @throws ApiException with 409 where nodes do not hand over to each other
     */
    Checks check(FailoverRequest request) throws ApiException;

    /**
     * Keeps this node from owning the addresses of a cluster, or lets it again.
     *
     * @throws ApiException with 409 and the reason when it was refused
     */
    Maintenance maintenance(MaintenanceRequest request) throws ApiException;

    /**
     * The failovers that this node took part in, the latest first.
     *
     * @param cluster empty for all
     */
    List<Report> reports(String cluster) throws ApiException;

    /**
     * The changes of this node's state, the latest first.
     *
     * @param cluster empty for all
     * @param limit most of them
     */
    List<Transition> history(String cluster, int limit) throws ApiException;

    /** Why this node is what it is in one cluster, and what would follow if the master died. */
    Why why(String cluster) throws ApiException;

    /**
     * The configuration file with the services and settings as they are now.
     *
     * @throws ApiException 409 when there is none, or they cannot stand in it
     */
    ConfigText config() throws ApiException;

    /**
     * Writes that.
     *
     * @throws ApiException with 409 and the reason; the file is as it was then
     */
    ConfigText saveConfig() throws ApiException;

    /**
     * Reads the keys of sync messages anew from the configuration and its key files.
     *
     * @throws ApiException with 409 and what is wrong; nothing was changed then
     */
    Keys reloadKeys() throws ApiException;
}
