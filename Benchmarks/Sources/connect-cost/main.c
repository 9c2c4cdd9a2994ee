// The price of connect(2): prints the median in microseconds over many blocking connects, each closed at once.
//
// connect-cost              to a listener of its own on loopback
// connect-cost HOST PORT    to HOST, which under hoopx is a name that a connection intercepts
#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { warmup = 100, rounds = 1000 };

static void *accept_and_close(void *listener) {
    for (;;) {
        int fd = accept(*(int *)listener, NULL, NULL);
        if (fd < 0) return NULL;
        char byte;
        // Until the other end closes, as a server that waits for a request would.
        while (read(fd, &byte, 1) > 0) {}
        close(fd);
    }
}

static struct sockaddr_in own_listener(void) {
    static int listener;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    pthread_t thread;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 1024) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0 ||
        pthread_create(&thread, NULL, accept_and_close, &listener) != 0) {
        perror("connect-cost: listener");
        exit(1);
    }
    return address;
}

static struct sockaddr_in resolved(const char *host, const char *port) {
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
    int error = getaddrinfo(host, port, &hints, &found);
    if (error != 0) {
        fprintf(stderr, "connect-cost: %s: %s\n", host, gai_strerror(error));
        exit(1);
    }
    struct sockaddr_in address;
    memcpy(&address, found->ai_addr, sizeof address);
    freeaddrinfo(found);
    return address;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    struct sockaddr_in address = argc == 3 ? resolved(argv[1], argv[2]) : own_listener();
    static double took[rounds];
    for (int i = -warmup; i < rounds; i++) {
        struct timespec start, end;
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        clock_gettime(CLOCK_MONOTONIC, &start);
        int result = connect(fd, (struct sockaddr *)&address, sizeof address);
        clock_gettime(CLOCK_MONOTONIC, &end);
        if (result != 0) {
            perror("connect-cost: connect");
            return 1;
        }
        close(fd);
        if (i >= 0) took[i] = (end.tv_sec - start.tv_sec) * 1e6 + (end.tv_nsec - start.tv_nsec) / 1e3;
    }
    qsort(took, rounds, sizeof took[0], ascending);
    printf("%.2f\n", took[rounds / 2]);
    return 0;
}
