// The price of what is not trapped: prints nanoseconds per call of sendto, recvfrom, sendmsg and read on a connected TCP
// socket and on a socketpair.
//
// io-cost BYTES    how much each of them passes on, at most 65536
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void check(int ok, const char *what) {
    if (ok) return;
    perror(what);
    exit(1);
}

static char bytes[65536];

static void exchange(int from, int to, ssize_t size, int rounds) {
    struct iovec part = {.iov_base = bytes, .iov_len = (size_t)size};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    for (int i = 0; i < rounds; i++) {
        check(sendto(from, bytes, size, 0, NULL, 0) == size, "sendto");
        check(recvfrom(to, bytes, size, MSG_WAITALL, NULL, NULL) == size, "recvfrom");
        check(sendmsg(to, &message, 0) == size, "sendmsg");
        // On loopback all of it is there when the send returns.
        check(read(from, bytes, size) == size, "read");
    }
}

int main(int argc, char **argv) {
    enum { warmup = 2000, rounds = 40000, calls = 4, kinds = 2 };
    ssize_t size = argc == 2 ? atoi(argv[1]) : 0;
    if (size < 1 || size > (ssize_t)sizeof bytes) {
        fprintf(stderr, "usage: io-cost BYTES\n");
        return 1;
    }
    int tcp[2], pair[2];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    check(bind(listener, (struct sockaddr *)&address, length) == 0 && listen(listener, 1) == 0 &&
              getsockname(listener, (struct sockaddr *)&address, &length) == 0, "listen");
    tcp[0] = socket(AF_INET, SOCK_STREAM, 0);
    check(connect(tcp[0], (struct sockaddr *)&address, length) == 0, "connect");
    check((tcp[1] = accept(listener, NULL, NULL)) >= 0, "accept");
    check(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");
    exchange(tcp[0], tcp[1], size, warmup);
    exchange(pair[0], pair[1], size, warmup);
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    exchange(tcp[0], tcp[1], size, rounds);
    exchange(pair[0], pair[1], size, rounds);
    clock_gettime(CLOCK_MONOTONIC, &end);
    double ns = (end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec);
    printf("%.2f\n", ns / rounds / calls / kinds);
    return 0;
}
