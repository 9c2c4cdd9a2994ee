/* dial NAME PORT [REQUEST-LINE]: resolves NAME, connects, sends an HTTP/1.1 request if one is given, copies the answer
 * to stdout. Linked statically with musl: a program that no preloaded library and no glibc setting reaches.
 * Exit: 0, or 1 with the failing step and errno's name on stderr. */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int fail(const char *step, const char *reason) {
    fprintf(stderr, "dial: %s: %s\n", step, reason);
    return 1;
}

int main(int argc, char **argv) {
    if (argc < 3) return fail("usage", "dial NAME PORT [REQUEST-LINE]");
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    int code = getaddrinfo(argv[1], argv[2], &hints, &found);
    if (code != 0) return fail("resolve", gai_strerror(code));

    int fd = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    if (fd < 0) return fail("socket", strerror(errno));
    if (connect(fd, found->ai_addr, found->ai_addrlen) != 0) return fail("connect", strerror(errno));
    freeaddrinfo(found);
    if (argc < 4) {
        puts("connected");
        return 0;
    }

    char buffer[4096];
    int length = snprintf(buffer, sizeof buffer, "%s\r\nHost: %s\r\nConnection: close\r\n\r\n", argv[3], argv[1]);
    if (write(fd, buffer, (size_t)length) != length) return fail("write", strerror(errno));
    ssize_t count;
    while ((count = read(fd, buffer, sizeof buffer)) > 0)
        if (fwrite(buffer, 1, (size_t)count, stdout) != (size_t)count) return fail("copy", strerror(errno));
    return count < 0 ? fail("read", strerror(errno)) : 0;
}
