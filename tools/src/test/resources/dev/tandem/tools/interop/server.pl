# server.pl ADDRESS PORT...: a server on those ports of an address, for 120 s. By HTTP it answers a
# POST with the request's body, by UDP every datagram with itself.
use strict;
use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6 IPV6_V6ONLY IPPROTO_IPV6);

alarm(120);
$SIG{CHLD} = 'IGNORE';
$SIG{PIPE} = 'IGNORE';
my ($address, @ports) = @ARGV;
my $ipv6 = $address =~ /:/;

sub endpoint {
    my ($type, $port) = @_;
    socket(my $socket, $ipv6 ? PF_INET6 : PF_INET, $type, 0) or die "socket: $!";
    setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
    my $name = $ipv6
        ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $address))
        : pack_sockaddr_in($port, inet_aton($address));
    bind($socket, $name) or die "bind $address: $!";
    return $socket;
}

sub answer {
    my ($client) = @_;
    my $text = '';
    while ($text !~ /\r\n\r\n/) {
        sysread($client, $text, 65536, length $text) or return;
    }
    my ($head, $body) = split /\r\n\r\n/, $text, 2;
    my ($length) = $head =~ /Content-Length: (\d+)/i or return;
    while (length $body < $length) {
        sysread($client, $body, 65536, length $body) or return;
    }
    $text = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: $length\r\n\r\n$body";
    for (my $sent = 0; $sent < length $text;) {
        $sent += syswrite($client, $text, length($text) - $sent, $sent) || return;
    }
    shutdown($client, 1);
    # until the client has closed too
    1 while sysread($client, $text, 65536);
}

my (@listeners, @datagrams);
for my $port (@ports) {
    push @listeners, endpoint(SOCK_STREAM, $port);
    listen($listeners[-1], 9) or die "listen: $!";
    push @datagrams, endpoint(SOCK_DGRAM, $port);
}
while (1) {
    my $ready = '';
    vec($ready, fileno($_), 1) = 1 for @listeners, @datagrams;
    select($ready, undef, undef, undef) > 0 or next;
    for my $socket (grep { vec($ready, fileno($_), 1) } @datagrams) {
        my $from = recv($socket, my $text, 65536, 0);
        send($socket, $text, 0, $from) if defined $from;
    }
    for my $socket (grep { vec($ready, fileno($_), 1) } @listeners) {
        accept(my $client, $socket) or next;
        if (!fork) {
            answer($client);
            exit;
        }
        close($client);
    }
}
