# garp.pl INTERFACE ADDRESS...: gratuitous ARP requests, which tell neighbours that know an address
# where it lives now.
use strict;
use Socket;

my $name = shift;
open(my $file, '<', "/sys/class/net/$name/address") or die "$name: $!";
chomp(my $mac = <$file>);
open($file, '<', "/sys/class/net/$name/ifindex") or die "$name: $!";
chomp(my $index = <$file>);
my $own = pack('H2' x 6, split(/:/, $mac));
my $all = "\xff" x 6;
socket(my $socket, 17, SOCK_RAW, 0x0806) or die "socket: $!";

# struct sockaddr_ll of linux/if_packet.h: family, protocol, ifindex, hatype, pkttype, halen, addr
my $to = pack('S n l S C C a8', 17, 0x0806, $index, 0, 0, 6, $all);
for my $address (map { inet_aton($_) } @ARGV) {
    my $frame = pack('a6 a6 n n n C C n a6 a4 a6 a4', $all, $own, 0x0806, 1, 0x0800, 6, 4, 1,
        $own, $address, "\0" x 6, $address);
    send($socket, $frame, 0, $to) or die "send: $!";
}
