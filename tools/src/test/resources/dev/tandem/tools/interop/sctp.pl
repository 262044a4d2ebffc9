# sctp.pl server ADDRESS PORT: sends back what comes over SCTP, for 60 s.
# sctp.pl client FROM TO PORT MESSAGES: three associations, each of which must have all its messages
# answered; then says "talked", closes the third, and keeps the others for 60 s.
use strict;
use Socket;

my $role = shift;
alarm(60);
my @all;

sub endpoint {
    my ($address, $port) = @_;
    socket(my $socket, PF_INET, SOCK_STREAM, 132) or die "socket: $!";
    setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
    bind($socket, pack_sockaddr_in($port, inet_aton($address))) or die "bind $address: $!";
    push @all, $socket;
    return $socket;
}

if ($role eq 'server') {
    my ($address, $port) = @ARGV;
    my $listener = endpoint($address, $port);
    listen($listener, 9) or die "listen: $!";
    while (1) {
        my $ready = '';
        vec($ready, fileno($_), 1) = 1 for @all;
        select($ready, undef, undef, undef);
        for my $socket (@all) {
            next unless vec($ready, fileno($socket), 1);
            if ($socket == $listener) {
                my $next;
                accept($next, $listener) and push @all, $next;
            } elsif (sysread($socket, my $text, 999)) {
                syswrite($socket, $text);
            } else {
                @all = grep { $_ != $socket } @all;
                close($socket);
            }
        }
    }
}

my ($from, $to, $port, $messages) = @ARGV;
$| = 1;
for my $number (1 .. 3) {
    my $socket = endpoint($from, 7000 + $number);
    connect($socket, pack_sockaddr_in($port, inet_aton($to))) or die "connect: $!";
    for my $message (1 .. $messages) {
        syswrite($socket, "message $message") or die "write: $!";
        sysread($socket, my $answer, 999) or die "read: $!";
        $answer eq "message $message" or die "something else came: $answer";
    }
}
close($all[2]);
print "talked\n";
sleep 60;
