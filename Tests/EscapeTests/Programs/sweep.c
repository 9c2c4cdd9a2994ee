/* sweep LEVEL...: sets every option of the levels to some values, each on a socket of its own, and connects the socket
 * to an address outside and to the machine's own loopback server. Prints how many options took a value, and "tried". */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Numbers of interfaces, small and large values, an interface's name, and headers that IP_OPTIONS (a loose source route
 * through 192.0.2.9) and IPV6_RTHDR (types 0 and 4, through 2001:db8::9) take, and an address for packets to be
 * sent from with an interface (IPV6_PKTINFO). */
static const struct {
    size_t length;
    unsigned char bytes[48];
} values[] = {
    {4, {0}}, {4, {1}}, {4, {2}}, {4, {3}}, {4, {4}}, {4, {0xff, 0xff, 0xff, 0xff}}, {4, {0, 0, 0, 3}}, {1, {1}},
    {6, "exit0"}, {8, {1, 131, 7, 4, 192, 0, 2, 9}},
    {24, {0, 2, 0, 1, 0, 0, 0, 0, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9}},
    {24, {0, 2, 4, 1, 0, 0, 0, 0, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9}},
    {16, {0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9}}, {20, {[16] = 3}},
};

/* The machine's server (machine.py), which accepts while nobody looks, and an address that is nowhere. */
static void dial(int domain, int socket, int is_outside) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(is_outside ? 81 : 7777)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = v4.sin_port};
    inet_pton(AF_INET, is_outside ? "192.0.2.7" : "127.0.0.1", &v4.sin_addr);
    inet_pton(AF_INET6, is_outside ? "2001:db8::7" : "::1", &v6.sin6_addr);
    if (domain == AF_INET) connect(socket, (struct sockaddr *)&v4, sizeof v4);
    else connect(socket, (struct sockaddr *)&v6, sizeof v6);
}

int main(int count, char **levels) {
    long taken = 0, tried = 0;
    for (int i = 1; i < count; i++) {
        for (int name = 0; name < 128; name++) {
            for (size_t value = 0; value < sizeof values / sizeof *values; value++) {
                for (int domain = AF_INET;; domain = AF_INET6) {
                    for (int is_outside = 0; is_outside < 2; is_outside++) {
                        int made = socket(domain, SOCK_STREAM | SOCK_NONBLOCK, 0);
                        socklen_t length = (socklen_t)values[value].length;
                        tried++;
                        if (setsockopt(made, atoi(levels[i]), name, values[value].bytes, length) == 0) {
                            taken++;
                            dial(domain, made, is_outside);
                        }
                        close(made);
                    }
                    if (domain == AF_INET6) break;
                }
            }
        }
    }
    printf("taken %ld of %ld\ntried\n", taken, tried);
    return 0;
}
