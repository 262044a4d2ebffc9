package dev.tandem.tools.ipvsadm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tandem.tools.api.Connections;
import dev.tandem.tools.api.Ipvs;
import dev.tandem.tools.api.IpvsAnswer;
import dev.tandem.tools.api.Json;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Does once what people do most, with a daemon of its own that answers the same to everybody, so
 * that the JVM can put all the classes into its cache ({@code -XX:AOTCacheOutput}). {@code
 * tools/bin/tandem} runs it after a build; nobody reads what it prints.
 */
final class Rehearsal {
    private static final List<String> COMMANDS =
            List.of(
                    "-Ln",
                    "-L",
                    "-Ln --stats",
                    "-Ln --rate --exact",
                    "-Lnc",
                    "-Sn",
                    "-L --timeout",
                    "-L --daemon",
                    "-A -t 192.0.2.1:80 -s rr -p 60",
                    "-a -t [2001:db8::1]:80 -r [2001:db8::2]:80 -m -w 2",
                    "-D -u 192.0.2.1:domain",
                    "-A -t");

    private Rehearsal() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createTempDirectory("tandem");
        Path socket = directory.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofPlatform().daemon().start(() -> answer(server));
            for (String command : COMMANDS) {
                int _ =
                        IpvsadmCommand.run(
                                List.of(command.split(" ", -1)),
                                Map.of("TANDEM_SOCKET", socket.toString()));
            }
        } finally {
            Files.delete(socket);
            Files.delete(directory);
        }
    }

    private static void answer(ServerSocketChannel server) {
        while (server.isOpen()) {
            try (SocketChannel channel = server.accept()) {
                ByteBuffer request = ByteBuffer.allocate(1 << 16);
                channel.read(request);
                String text = new String(request.array(), 0, request.position(), ISO_8859_1);
                byte[] body = Json.compact(body(text));
                String head = "HTTP/1.1 200 OK\r\ncontent-length: " + body.length + "\r\n\r\n";
                channel.write(ByteBuffer.wrap(head.getBytes(ISO_8859_1)));
                channel.write(ByteBuffer.wrap(body));
            } catch (IOException _) {
                return;
            }
        }
    }

    private static Object body(String request) {
        if (request.startsWith("POST")) {
            return new IpvsAnswer(List.of(IpvsAnswer.Result.DONE));
        }
        return request.contains("/v1/connections") ? new Connections(0, false, List.of()) : table();
    }

    private static Ipvs table() {
        Ipvs.Traffic traffic = new Ipvs.Traffic(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        Ipvs.Server server =
                new Ipvs.Server(
                        new Ipvs.ServerSettings("127.0.0.1", 80, "nat", 1, 0, 0, Ipvs.Tunnel.IPIP),
                        1,
                        2,
                        3,
                        traffic);
        Ipvs.Service service =
                new Ipvs.Service(
                        new Ipvs.ServiceId("TCP", "127.0.0.1", 80, 0, false),
                        new Ipvs.ServiceSettings("wlc", 0, 0, Netmask.NONE, ""),
                        traffic,
                        List.of(server, server));
        return new Ipvs(
                1,
                new Ipvs.Timeouts(1, 2, 3),
                List.of(new Ipvs.SyncDaemon("master", "lo", 0, 1, "224.0.0.81", 1, 1)),
                traffic,
                List.of(service, service),
                List.of());
    }
}
