// How long events of paced streams are on their way: prints the median, the 99th percentile (microseconds) and events per second.
//
// pace CONNECTIONS EVENTS INTERVAL: each connection asks ANTHROPIC_BASE_URL for one stream of EVENTS events, one every INTERVAL
// microseconds, with ANTHROPIC_API_KEY, as a client under hoopx does. The server writes the time into each event.
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { max_connections = 4096, stamp_length = 12 };

struct stream {
    long left;
    // What the last read ended with: the beginning of a time, behind its tilde.
    char stamp[stamp_length];
    int stamp_filled;
    int in_stamp;
};

static struct stream streams[max_connections];

_Noreturn static void fail(const char *what) {
    fprintf(stderr, "pace: %s: %s\n", what, errno != 0 ? strerror(errno) : "not as expected");
    exit(1);
}

static unsigned long long now_microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
}

static int compare(const void *a, const void *b) {
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    const char *base = getenv("ANTHROPIC_BASE_URL"), *key = getenv("ANTHROPIC_API_KEY");
    char host[64], request[1024];
    int port;
    if (argc != 4 || base == NULL || key == NULL || sscanf(base, "http://%63[0-9.]:%d", host, &port) != 2) {
        fail("arguments");
    }
    int connections = atoi(argv[1]);
    long events = atol(argv[2]), interval = atol(argv[3]);
    size_t length = (size_t)snprintf(request, sizeof request,
        "POST /v1/paced/%ld/%ld HTTP/1.1\r\nHost: %s:%d\r\nx-api-key: %s\r\nContent-Length: 2\r\n\r\n{}", events,
        interval, host, port, key);
    unsigned *delays = calloc((size_t)connections * (size_t)events, sizeof *delays);
    size_t seen = 0, wanted = (size_t)connections * (size_t)events;
    if (delays == NULL) fail("memory");

    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    inet_pton(AF_INET, host, &address.sin_addr);
    int epoll = epoll_create1(0);
    struct epoll_event e, ready[256];
    for (int i = 0; i < connections; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (fd < 0 || fd >= max_connections) fail("socket");
        if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
        e = (struct epoll_event){.events = EPOLLIN, .data.fd = fd};
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e);
        streams[fd].left = events;
    }
    unsigned long long start = now_microseconds();
    for (int fd = 0; fd < max_connections; fd++) {
        if (streams[fd].left > 0 && send(fd, request, length, MSG_NOSIGNAL) != (ssize_t)length) fail("send");
    }
    while (seen < wanted) {
        int count = epoll_wait(epoll, ready, 256, 30000);
        if (count <= 0) fail("nothing came for 30 s");
        for (int i = 0; i < count; i++) {
            static char bytes[65536];
            struct stream *s = &streams[ready[i].data.fd];
            errno = 0;
            ssize_t got = read(ready[i].data.fd, bytes, sizeof bytes);
            if (got <= 0) fail("read");
            unsigned long long now = now_microseconds();
            for (ssize_t at = 0; at < got; at++) {
                if (!s->in_stamp) {
                    s->in_stamp = bytes[at] == '~';
                    s->stamp_filled = 0;
                    continue;
                }
                s->stamp[s->stamp_filled++] = bytes[at];
                if (s->stamp_filled < stamp_length) continue;
                unsigned long long sent = 0;
                for (int j = 0; j < stamp_length; j++) sent = sent * 16 + (unsigned long long)(s->stamp[j] - 'a');
                if (sent > now || seen == wanted) fail("time of an event");
                delays[seen++] = (unsigned)(now - sent);
                s->in_stamp = 0;
            }
        }
    }
    unsigned long long end = now_microseconds();
    qsort(delays, seen, sizeof *delays, compare);
    printf("%u %u %.0f\n", delays[seen / 2], delays[seen * 99 / 100], (double)seen * 1e6 / (double)(end - start));
    return 0;
}
