package dev.tandem.tools.daemon;

import static java.util.Objects.requireNonNull;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Setting;
import dev.tandem.director.control.Director;
import dev.tandem.director.service.ServiceException;
import dev.tandem.director.service.Services;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Ipvs;
import dev.tandem.tools.api.IpvsAnswer.Result;
import dev.tandem.tools.api.IpvsOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Makes changes in a running director. Any thread; waits until they are made. */
final class IpvsChanges {
    private static final int SECONDS = 5;

    private final Director director;
    private final SyncCommands sync;

    IpvsChanges(Cluster cluster) {
        director = cluster.director();
        sync = new SyncCommands(cluster);
    }

    /**
     * Makes changes one after the other, whatever became of those before. Those of services that
     * stand beside each other go to the director together.
     *
     * @return what became of each
     * @throws ApiException 503 when the director does not answer
     */
    List<Result> make(List<IpvsOperation> operations) throws ApiException {
        List<Result> results = new ArrayList<>();
        List<Consumer<Services>> waiting = new ArrayList<>();
        for (IpvsOperation operation : operations) {
            if (isOfServices(operation)) {
                waiting.add(changeOrRefusal(operation));
            } else {
                results.addAll(services(waiting));
                waiting.clear();
                results.add(make(operation));
            }
        }
        results.addAll(services(waiting));
        return results;
    }

    private static boolean isOfServices(IpvsOperation operation) {
        return switch (operation.command()) {
            case SET_TIMEOUTS, START_DAEMON, STOP_DAEMON -> false;
            default -> true;
        };
    }

    private Result make(IpvsOperation operation) throws ApiException {
        try {
            return switch (operation.command()) {
                case SET_TIMEOUTS -> timeouts(requireNonNull(operation.timeouts()));
                case START_DAEMON -> sync.start(requireNonNull(operation.daemon()));
                case STOP_DAEMON -> sync.stop(requireNonNull(operation.daemon()));
                default -> throw new IllegalArgumentException("of services: " + operation);
            };
        } catch (ServiceException e) {
            return refusal(e);
        }
    }

    /** What makes no sense is refused in its turn. */
    private static Consumer<Services> changeOrRefusal(IpvsOperation operation) {
        try {
            return change(operation);
        } catch (ServiceException e) {
            return _ -> {
                throw e;
            };
        }
    }

    private static Consumer<Services> change(IpvsOperation operation) {
        ServiceId id = operation.service() == null ? null : IpvsWords.id(operation.service());
        return switch (operation.command()) {
            case ADD_SERVICE -> {
                var options = options(operation);
                yield services -> services.add(requireNonNull(id), options);
            }
            case EDIT_SERVICE -> {
                var options = options(operation);
                yield services -> services.edit(requireNonNull(id), options);
            }
            case DELETE_SERVICE -> services -> services.delete(requireNonNull(id));
            case ADD_SERVER -> {
                var server = IpvsWords.server(requireNonNull(operation.server()));
                yield services -> services.add(requireNonNull(id), server);
            }
            case EDIT_SERVER -> {
                var server = IpvsWords.server(requireNonNull(operation.server()));
                yield services -> services.edit(requireNonNull(id), server);
            }
            case DELETE_SERVER -> {
                Ipvs.ServerSettings server = requireNonNull(operation.server());
                var address = IpvsWords.address(server.address());
                int port = IpvsWords.port(server.port());
                yield services -> services.delete(requireNonNull(id), address, port);
            }
            case FLUSH -> Services::flush;
            case ZERO ->
                    services -> {
                        if (id == null) {
                            services.zero();
                        } else {
                            services.zero(id);
                        }
                    };
            case SET_TIMEOUTS, START_DAEMON, STOP_DAEMON ->
                    throw new IllegalArgumentException("not of services: " + operation);
        };
    }

    private static ServiceOptions options(IpvsOperation operation) {
        return IpvsWords.options(
                requireNonNull(operation.service()), requireNonNull(operation.settings()));
    }

    private List<Result> services(List<Consumer<Services>> changes) throws ApiException {
        if (changes.isEmpty()) {
            return List.of();
        }
        List<Consumer<Services>> all = List.copyOf(changes);
        List<Result> results = new ArrayList<>();
        await(
                director.changeServices(services ->
                        services.together(() ->
                                all.forEach(change -> results.add(result(services, change))))));
        return results;
    }

    private static Result result(Services services, Consumer<Services> change) {
        try {
            change.accept(services);
            return Result.DONE;
        } catch (ServiceException refused) {
            return refusal(refused);
        }
    }

    private static Result refusal(ServiceException refused) {
        return new Result(refused.error().name(), String.valueOf(refused.getMessage()));
    }

    /**
     * Waits for the director.
     *
     * @throws ServiceException when it refused
     * @throws ApiException 503 when it does not answer
     */
    static <T> T await(CompletableFuture<T> future) throws ApiException {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ServiceException refused) {
                throw refused;
            }
            throw new ApiException(503, "the change failed: " + e.getCause());
        } catch (TimeoutException _) {
            throw new ApiException(503, "the director did not answer within " + SECONDS + " s");
        } catch (InterruptedException _) {
            throw new ApiException(503, "the daemon is stopping");
        }
    }

    /** A kernel's three settings; 0 leaves one as it is. */
    private Result timeouts(Ipvs.Timeouts timeouts) {
        director.settings()
                .update(now -> {
                    var tcp = with(now, Setting.TIMEOUT_ESTABLISHED, timeouts.tcp());
                    var fin = with(tcp, Setting.TIMEOUT_FINWAIT, timeouts.tcpFin());
                    return with(fin, Setting.TIMEOUT_UDP, timeouts.udp());
                });
        return Result.DONE;
    }

    private static DirectorSettings with(DirectorSettings now, Setting setting, int seconds) {
        return seconds == 0 ? now : now.with(setting, seconds);
    }
}
