// One large body: prints MiB per second.
//
// transfer down|up BYTES: from or to ANTHROPIC_BASE_URL with ANTHROPIC_API_KEY, as a client under hoopx does.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char block[262144];

_Noreturn static void fail(const char *what) {
    fprintf(stderr, "transfer: %s\n", what);
    exit(1);
}

static void send_all(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) fail("the connection broke while sending");
        bytes += sent;
        length -= (size_t)sent;
    }
}

// Reads an answer of known length and returns that length.
static long long receive(int fd) {
    static char head[16384];
    size_t length = 0;
    char *end, *field;
    do {
        ssize_t got = read(fd, head + length, sizeof head - 1 - length);
        if (got <= 0) fail("no answer");
        length += (size_t)got;
        head[length] = 0;
        end = strstr(head, "\r\n\r\n");
    } while (end == NULL);
    field = strcasestr(head, "\r\nContent-Length:");
    if (strncmp(head, "HTTP/1.1 200", 12) != 0 || field == NULL || field > end) fail(head);
    long long total = atoll(field + 17), taken = (long long)(head + length - (end + 4));
    while (taken < total) {
        ssize_t got = read(fd, block, sizeof block);
        if (got <= 0) fail("the connection broke while receiving");
        taken += got;
    }
    return total;
}

int main(int argc, char **argv) {
    const char *base = getenv("ANTHROPIC_BASE_URL"), *key = getenv("ANTHROPIC_API_KEY");
    char host[64], head[1024];
    int port;
    if (argc != 3 || base == NULL || key == NULL || sscanf(base, "http://%63[0-9.]:%d", host, &port) != 2) {
        fail("usage: transfer down|up BYTES, with ANTHROPIC_BASE_URL and ANTHROPIC_API_KEY set");
    }
    int is_upload = strcmp(argv[1], "up") == 0;
    long long bytes = atoll(argv[2]), body = is_upload ? bytes : 2;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    inet_pton(AF_INET, host, &address.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) fail("could not connect");

    char path[64];
    if (is_upload) snprintf(path, sizeof path, "/v1/sink");
    else snprintf(path, sizeof path, "/v1/bytes/%lld", bytes);
    int length = snprintf(head, sizeof head,
        "POST %s HTTP/1.1\r\nHost: %s:%d\r\nx-api-key: %s\r\nContent-Length: %lld\r\n\r\n", path, host, port, key, body);

    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    send_all(fd, head, (size_t)length);
    if (!is_upload) send_all(fd, "{}", 2);
    for (long long left = is_upload ? bytes : 0; left > 0; left -= (long long)sizeof block) {
        send_all(fd, block, left < (long long)sizeof block ? (size_t)left : sizeof block);
    }
    long long received = receive(fd);
    clock_gettime(CLOCK_MONOTONIC, &end);
    if (received != (is_upload ? 2 : bytes)) fail("the answer has another length");
    printf("%.2f\n", bytes / 1048576.0 / ((end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) / 1e9));
    return 0;
}
