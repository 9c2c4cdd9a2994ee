/* race KIND ROUNDS: connects over and over while another thread changes what the call is about.
 *
 *   address      the bytes of the address
 *   descriptor   what the descriptor's number stands for
 *   path         which socket a path leads to
 *   options      TCP_FASTOPEN_CONNECT, and a write at once
 *   interface    the interface that the socket is bound to, by a link-local address
 *   attribution  many threads at once; each connection is told where it leads (by a refusal of hoopx in HTTP)
 *
 * What may be reached is a server of the program's own, and port 53 of any host, which is hoopx; what may not are the
 * servers of machine.py and any other host. Prints how many rounds there were, and "tried". */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static atomic_bool is_over;
static long rounds;

static struct sockaddr_in address(const char *host, int port) {
    struct sockaddr_in made = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    inet_pton(AF_INET, host, &made.sin_addr);
    return made;
}

static void *take_visitors(void *server) {
    int visitor;
    while ((visitor = accept(*(int *)server, NULL, NULL)) >= 0) close(visitor);
    return NULL;
}

/* A server of the program's own; returns its address. */
static struct sockaddr_in serve(void) {
    static int server;
    struct sockaddr_in own = address("127.0.0.1", 0);
    socklen_t length = sizeof own;
    server = socket(AF_INET, SOCK_STREAM, 0);
    bind(server, (struct sockaddr *)&own, sizeof own);
    if (listen(server, 4096) < 0) perror("listen");
    getsockname(server, (struct sockaddr *)&own, &length);
    pthread_t thread;
    pthread_create(&thread, NULL, take_visitors, &server);
    return own;
}

static void connect_over_and_over(const struct sockaddr *to, socklen_t length) {
    for (long i = 0; i < rounds; i++) {
        int client = socket(to->sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
        connect(client, to, length);
        close(client);
    }
    is_over = true;
}

/* What the changing thread does until the race is over. */
static pthread_t change_by(void *(*change)(void *)) {
    pthread_t thread;
    pthread_create(&thread, NULL, change, NULL);
    return thread;
}

static struct sockaddr_in shared, choices[4];

static void *change_address(void *unused) {
    while (!is_over)
        for (int i = 0; i < 4; i++) *(volatile struct sockaddr_in *)&shared = choices[i];
    return unused;
}

static void race_address(void) {
    choices[0] = serve();
    choices[1] = address("127.0.0.1", 7777);
    choices[2] = address("192.0.2.8", 53);
    choices[3] = address("192.0.2.7", 81);
    shared = choices[0];
    pthread_t thread = change_by(change_address);
    connect_over_and_over((struct sockaddr *)&shared, sizeof shared);
    pthread_join(thread, NULL);
}

enum { KINDS = 5, NUMBER = 100 };
static int kinds[KINDS];

static void *change_descriptor(void *unused) {
    while (!is_over)
        for (int i = 0; i < KINDS; i++) dup2(kinds[i], NUMBER);
    return unused;
}

/* The call names a socket for which the address is harmless, and another one when it is carried out. A datagram socket
 * may be connected to the machine's port, which is not the machine's where it lives; a stream socket may not. */
static void race_descriptor(void) {
    struct sockaddr_in own = serve();
    struct sockaddr_in targets[] = {address("127.0.0.1", 7777), address("192.0.2.7", 81), address("192.0.2.8", 53),
                                    own};
    pthread_t thread = 0;
    for (long i = 0; i < rounds; i++) {
        /* A new set: a socket is connected once only. */
        for (int k = 0; k < KINDS; k++) {
            int domain = k == 1 ? AF_UNIX : k == 4 ? AF_INET6 : AF_INET;
            int made = socket(domain, (k == 2 ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK, 0);
            if (i == 0) kinds[k] = fcntl(made, F_DUPFD, 200);
            else dup2(made, kinds[k]);
            close(made);
        }
        if (i == 0) thread = change_by(change_descriptor);
        struct sockaddr_in *to = &targets[i % 4];
        connect(NUMBER, (struct sockaddr *)to, sizeof *to);
        sendto(NUMBER, "x", 1, MSG_FASTOPEN | MSG_NOSIGNAL, (struct sockaddr *)&targets[i % 2], sizeof *to);
    }
    is_over = true;
    pthread_join(thread, NULL);
}

static void *change_path(void *unused) {
    while (!is_over) syscall(SYS_renameat2, AT_FDCWD, "first", AT_FDCWD, "second", 2); /* RENAME_EXCHANGE */
    return unused;
}

static void race_path(void) {
    struct sockaddr_un own = {.sun_family = AF_UNIX, .sun_path = "own.socket"};
    struct sockaddr_un named = {.sun_family = AF_UNIX, .sun_path = "first"};
    static int server;
    unlink("own.socket");
    server = socket(AF_UNIX, SOCK_STREAM, 0);
    bind(server, (struct sockaddr *)&own, sizeof own);
    if (listen(server, 4096) < 0) perror("listen");
    pthread_t visitors;
    pthread_create(&visitors, NULL, take_visitors, &server);
    /* A hard link, and a symbolic one. */
    if (link("own.socket", "first") < 0 || symlink("stream", "second") < 0) perror("link");
    pthread_t thread = change_by(change_path);
    connect_over_and_over((struct sockaddr *)&named, sizeof named);
    pthread_join(thread, NULL);
    unlink("first");
    unlink("second");
}

static atomic_int current = -1;

static void *change_options(void *unused) {
    int on = 1;
    while (!is_over) {
        setsockopt(current, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &on, sizeof on);
        send(current, "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    return unused;
}

static void race_options(void) {
    struct sockaddr_in targets[] = {address("192.0.2.8", 53), address("192.0.2.7", 81), serve()};
    pthread_t thread = change_by(change_options);
    for (long i = 0; i < rounds; i++) {
        int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        current = client;
        connect(client, (struct sockaddr *)&targets[i % 3], sizeof targets[0]);
        send(client, "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        close(client);
    }
    is_over = true;
    pthread_join(thread, NULL);
}

/* The link-local address of exit0, with its interface. */
static struct sockaddr_in6 link_local(void) {
    struct sockaddr_in6 found = {.sin6_family = AF_INET6};
    char digits[33], name[17];
    unsigned int index;
    FILE *table = fopen("/proc/net/if_inet6", "r");
    while (table && fscanf(table, "%32s %x %*x %*x %*x %16s", digits, &index, name) == 3) {
        if (strncmp(digits, "fe80", 4) != 0 || strcmp(name, "exit0") != 0) continue;
        for (int i = 0; i < 16; i++) sscanf(digits + 2 * i, "%2hhx", &found.sin6_addr.s6_addr[i]);
        found.sin6_scope_id = index;
    }
    return found;
}

static struct sockaddr_in6 on_the_link;

static void *change_interface(void *unused) {
    /* Once for each socket, sooner or later after it was made. */
    for (int last = -1, turn = 0; !is_over; turn++) {
        while (current == last && !is_over) {}
        for (volatile int wait = 0; wait < turn % 200 * 100; wait++) {}
        last = current;
        bind(last, (struct sockaddr *)&on_the_link, sizeof on_the_link);
    }
    return unused;
}

static void race_interface(void) {
    struct sockaddr_in6 to = {.sin6_family = AF_INET6};
    on_the_link = link_local();
    pthread_t thread = change_by(change_interface);
    for (long i = 0; i < rounds; i++) {
        int made = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
        int client = i % 2 ? made : fcntl(made, F_DUPFD, 50); /* another number than the last one's */
        if (client != made) close(made);
        current = client;
        inet_pton(AF_INET6, i % 2 ? "2001:db8::7" : "::ffff:192.0.2.8", &to.sin6_addr);
        to.sin6_port = htons(i % 4 < 2 ? 53 : 81);
        connect(client, (struct sockaddr *)&to, sizeof to);
        close(client);
    }
    is_over = true;
    pthread_join(thread, NULL);
}

enum { HOSTS = 50, THREADS = 8 };
static atomic_long next_round, mixed_up, told;

static void *ask(void *unused) {
    for (long i; (i = next_round++) < rounds;) {
        char host[32], expected[64], answer[4096];
        snprintf(host, sizeof host, "192.0.2.%ld", 1 + i % HOSTS);
        snprintf(expected, sizeof expected, "%s:80", host);
        struct sockaddr_in to = address(host, 80);
        int client = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(client, (struct sockaddr *)&to, sizeof to) == 0) {
            static const char request[] = "GET / HTTP/1.1\r\nHost: any.example.com\r\nConnection: close\r\n\r\n";
            size_t length = 0;
            ssize_t count = send(client, request, sizeof request - 1, MSG_NOSIGNAL);
            while (count > 0 && length < sizeof answer - 1) {
                count = read(client, answer + length, sizeof answer - 1 - length);
                if (count > 0) length += (size_t)count;
            }
            answer[length] = 0;
            if (length) told++;
            if (length && !strstr(answer, expected)) mixed_up++;
        }
        close(client);
    }
    return unused;
}

static void race_attribution(void) {
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, ask, NULL);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    printf("told %ld, mixed up %ld\n", (long)told, (long)mixed_up);
}

int main(int count, char **arguments) {
    static const struct {
        const char *name;
        void (*run)(void);
    } races[] = {{"address", race_address}, {"descriptor", race_descriptor}, {"path", race_path},
                 {"options", race_options}, {"interface", race_interface}, {"attribution", race_attribution}};
    if (count < 3) return 2;
    rounds = atol(arguments[2]);
    for (size_t i = 0; i < sizeof races / sizeof *races; i++)
        if (strcmp(arguments[1], races[i].name) == 0) races[i].run();
    printf("rounds %ld\ntried\n", rounds);
    fflush(stdout);
    _exit(0); /* the threads that take visitors have no end */
}
