// Many event streams at once: prints events per second.
//
// streams CONNECTIONS REQUESTS EVENTS: each connection makes REQUESTS requests one after another, for EVENTS events
// each, to ANTHROPIC_BASE_URL with ANTHROPIC_API_KEY, as a client under hoopx does.
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { max_connections = 4096 };

struct stream {
    int requests_left;
    long events;
    char tail[5];
};

static struct stream streams[max_connections];
static char request[1024];
static size_t request_length;

_Noreturn static void fail(const char *what) {
    fprintf(stderr, "streams: %s: %s\n", what, errno != 0 ? strerror(errno) : "not as expected");
    exit(1);
}

static void send_request(int fd) {
    if (send(fd, request, request_length, MSG_NOSIGNAL) != (ssize_t)request_length) fail("send");
    streams[fd].events = 0;
    memset(streams[fd].tail, 0, sizeof streams[fd].tail);
}

static void take(struct stream *s, const char *bytes, size_t length) {
    const char *at = bytes, *end = bytes + length;
    while ((at = memchr(at, '~', (size_t)(end - at))) != NULL) {
        s->events++;
        at++;
    }
    size_t keep = length < 5 ? length : 5;
    memmove(s->tail, s->tail + keep, 5 - keep);
    memcpy(s->tail + 5 - keep, end - keep, keep);
}

int main(int argc, char **argv) {
    const char *base = getenv("ANTHROPIC_BASE_URL"), *key = getenv("ANTHROPIC_API_KEY");
    char host[64];
    int port;
    if (argc != 4 || base == NULL || key == NULL || sscanf(base, "http://%63[0-9.]:%d", host, &port) != 2) {
        fail("arguments");
    }
    int connections = atoi(argv[1]), requests = atoi(argv[2]), open = connections;
    long events = atol(argv[3]), seen = 0;
    request_length = (size_t)snprintf(request, sizeof request,
        "POST /v1/events/%ld HTTP/1.1\r\nHost: %s:%d\r\nx-api-key: %s\r\nContent-Length: 2\r\n\r\n{}", events, host,
        port, key);

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
        streams[fd].requests_left = requests;
    }

    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int fd = 0; fd < max_connections; fd++) {
        if (streams[fd].requests_left > 0) send_request(fd);
    }
    while (open > 0) {
        int count = epoll_wait(epoll, ready, 256, -1);
        for (int i = 0; i < count; i++) {
            static char bytes[65536];
            int fd = ready[i].data.fd;
            struct stream *s = &streams[fd];
            errno = 0;
            ssize_t got = read(fd, bytes, sizeof bytes);
            if (got <= 0) fail("read");
            take(s, bytes, (size_t)got);
            if (memcmp(s->tail, "0\r\n\r\n", 5) != 0) continue;
            if (s->events != events) fail("number of events");
            seen += s->events;
            if (--s->requests_left > 0) {
                send_request(fd);
            } else {
                epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL);
                open--;
            }
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.2f\n", seen / ((end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) / 1e9));
    return 0;
}
