// An HTTP/1.1 server for measurements, one thread and epoll. Prints the loopback port that it listens on.
//
// POST /v1/events/N   N server-sent events, each in a chunk and a write(2) of its own, as fast as they are taken
// POST /v1/paced/N/P  N events, one every P microseconds, each with the time at which it was sent
// POST /v1/bytes/N    N bytes in an answer of known length
// POST /v1/sink       takes a body of any length, answers "{}"
//
// Requests are trusted: they come from this package's own programs, through a proxy at most.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { max_connections = 4096, head_size = 16384, block_size = 262144 };

struct connection {
    char head[head_size];
    size_t head_length;
    // What is still to be read of a request's body, and to be sent of the answer.
    long long body_left, bytes_left, events_left;
    // Of a paced stream: its timer's descriptor, or of a timer: its stream's; 0 where there is none.
    int paired;
    int is_timer;
    // What one write did not take: at most one event, or one head.
    char rest[512];
    size_t rest_length, rest_sent;
    int ends_chunked;
};

static struct connection connections[max_connections];
static char block[block_size];
static int epoll;

// One event of about the size of a text delta; the tilde is what the client counts.
static const char event[] =
    "7a\r\nevent: content_block_delta\n"
    "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"~ words\"}}\n\n\r\n";

// The same with the time in letters, so that it is nothing that looks like a value to be masked.
static const char paced_event[] =
    "86\r\nevent: content_block_delta\n"
    "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"~............ words\"}}"
    "\n\n\r\n";

static void write_time(char *letters) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    unsigned long long microseconds = now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
    for (int i = 11; i >= 0; i--) {
        letters[i] = (char)('a' + microseconds % 16);
        microseconds /= 16;
    }
}

static void send_later(struct connection *c, const char *text, size_t length) {
    memcpy(c->rest, text, length);
    c->rest_length = length;
    c->rest_sent = 0;
}

static void begin_pace(int fd, long long microseconds) {
    struct itimerspec pace = {
        .it_interval = {.tv_sec = microseconds / 1000000, .tv_nsec = microseconds % 1000000 * 1000}};
    // Streams begin spread over one interval, as unrelated ones do.
    pace.it_value.tv_nsec = 1 + fd * 7919LL * 1000 % (microseconds * 1000);
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    if (timer < 0 || timer >= max_connections) return;
    timerfd_settime(timer, 0, &pace, NULL);
    memset(&connections[timer], 0, sizeof connections[timer]);
    connections[timer].is_timer = 1;
    connections[timer].paired = fd;
    connections[fd].paired = timer;
    struct epoll_event e = {.events = EPOLLIN, .data.fd = timer};
    epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &e);
}

static void begin_answer(int fd, const char *path) {
    struct connection *c = &connections[fd];
    char head[256];
    long long amount = 0, pace = 0;
    if (sscanf(path, "/v1/paced/%lld/%lld", &amount, &pace) == 2 && pace > 0) {
        c->events_left = amount;
        begin_pace(fd, pace);
        snprintf(head, sizeof head,
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    } else if (sscanf(path, "/v1/events/%lld", &amount) == 1) {
        c->events_left = amount;
        c->ends_chunked = 1;
        snprintf(head, sizeof head,
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    } else if (sscanf(path, "/v1/bytes/%lld", &amount) == 1) {
        c->bytes_left = amount;
        snprintf(head, sizeof head,
            "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %lld\r\n\r\n", amount);
    } else {
        snprintf(head, sizeof head,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    }
    send_later(c, head, strlen(head));
}

// Sends what there is; 1 where all is sent, 0 where the other end must take some first, -1 where it is gone.
static int send_answer(int fd) {
    struct connection *c = &connections[fd];
    for (;;) {
        const char *from;
        size_t length;
        if (c->rest_length > 0) {
            from = c->rest + c->rest_sent;
            length = c->rest_length - c->rest_sent;
        } else if (c->bytes_left > 0) {
            from = block;
            length = c->bytes_left < block_size ? (size_t)c->bytes_left : block_size;
        } else {
            return 1;
        }
        ssize_t sent = send(fd, from, length, MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN ? 0 : -1;
        if (c->rest_length == 0) {
            c->bytes_left -= sent;
            continue;
        }
        c->rest_sent += (size_t)sent;
        if (c->rest_sent < c->rest_length) continue;
        c->rest_length = 0;
        if (c->paired > 0) return 1;
        if (c->events_left > 0) {
            c->events_left -= 1;
            send_later(c, event, sizeof event - 1);
            // One event a turn, so that all streams flow at once.
            return 0;
        } else if (c->ends_chunked) {
            c->ends_chunked = 0;
            send_later(c, "0\r\n\r\n", 5);
        }
    }
}

static void watch(int fd, uint32_t events) {
    struct epoll_event e = {.events = events, .data.fd = fd};
    epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &e);
}

// Answers when the request is whole; 0 where the connection is to be dropped.
static int answer_if_whole(int fd) {
    struct connection *c = &connections[fd];
    char path[256], *end = memmem(c->head, c->head_length, "\r\n\r\n", 4);
    if (end == NULL || c->body_left > 0) return 1;
    if (sscanf(c->head, "%*15s %255s", path) != 1) return 0;
    c->head_length = 0;
    begin_answer(fd, path);
    int done = send_answer(fd);
    if (done == 0) watch(fd, EPOLLOUT);
    return done >= 0;
}

// One event of a paced stream for each time that its timer has expired; a client that does not keep up is dropped.
static void tick(int timer) {
    unsigned long long times = 0;
    int fd = connections[timer].paired;
    struct connection *c = &connections[fd];
    if (read(timer, &times, sizeof times) != sizeof times) return;
    while (times-- > 0 && c->events_left > 0) {
        char bytes[sizeof paced_event + 4];
        size_t length = sizeof paced_event - 1;
        memcpy(bytes, paced_event, length);
        write_time(strchr(bytes, '~') + 1);
        if (--c->events_left == 0) {
            memcpy(bytes + length, "0\r\n\r\n", 5);
            length += 5;
        }
        if (send(fd, bytes, length, MSG_NOSIGNAL) != (ssize_t)length) {
            c->events_left = 0;
            shutdown(fd, SHUT_RDWR);
        }
    }
    if (c->events_left > 0) return;
    c->paired = 0;
    connections[timer].is_timer = 0;
    close(timer);
}

static int read_request(int fd) {
    struct connection *c = &connections[fd];
    for (;;) {
        ssize_t got;
        if (c->body_left > 0) {
            static char sink[block_size];
            got = read(fd, sink, c->body_left < block_size ? (size_t)c->body_left : block_size);
            if (got > 0) c->body_left -= got;
        } else {
            got = read(fd, c->head + c->head_length, head_size - 1 - c->head_length);
            if (got > 0) {
                c->head_length += (size_t)got;
                c->head[c->head_length] = 0;
                char *end = strstr(c->head, "\r\n\r\n"), *length = strcasestr(c->head, "\r\nContent-Length:");
                if (end == NULL) continue;
                if (length != NULL && length < end) {
                    c->body_left = atoll(length + 17) - (c->head + c->head_length - (end + 4));
                }
            }
        }
        if (got == 0 || (got < 0 && errno != EAGAIN)) return 0;
        if (got < 0) return 1;
        if (!answer_if_whole(fd)) return 0;
    }
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 1024) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0) {
        perror("upstream: listener");
        return 1;
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    epoll = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN, .data.fd = listener}, ready[256];
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &e);
    for (;;) {
        int count = epoll_wait(epoll, ready, 256, -1);
        for (int i = 0; i < count; i++) {
            int fd = ready[i].data.fd;
            if (fd == listener) {
                int accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
                if (accepted < 0) continue;
                if (accepted >= max_connections) {
                    close(accepted);
                    continue;
                }
                setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                memset(&connections[accepted], 0, sizeof connections[accepted]);
                e = (struct epoll_event){.events = EPOLLIN, .data.fd = accepted};
                epoll_ctl(epoll, EPOLL_CTL_ADD, accepted, &e);
            } else if (connections[fd].is_timer) {
                tick(fd);
            } else if (ready[i].events & EPOLLOUT) {
                int done = send_answer(fd);
                if (done < 0) close(fd);
                if (done == 1) watch(fd, EPOLLIN);
            } else if (!read_request(fd)) {
                close(fd);
            }
        }
    }
}
