// hoopx-selftest: tries what a hostile command would try, for hoopx doctor, which is what the attempts aim at.
//
//     hoopx-selftest <allowed-port> <tcp-port> <fast-open-port> <udp-port> <socket-path> <abstract-name>
//         <doctor-pid> <address>
//
// Standard input is a terminal that doctor holds the other end of. Each attempt writes a line to standard output: its
// name, and the errno of the call that failed, or 0. Whether anything arrived is doctor's to say: it runs the program
// once under supervision, and once without, as the control.

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

enum { FAILED = 125, PATIENCE = 10 };  // seconds; doctor's own is longer

struct aims {
    uint16_t allowed_port, tcp_port, fast_open_port, udp_port;
    const char *socket_path, *abstract_name;
    pid_t doctor;
    uintptr_t address;
};

// 0, or the errno of a call that gave -1.
static int error_of(long result) { return result < 0 ? errno : 0; }

static struct sockaddr_in loopback(uint16_t port) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int connect_to_port(uint16_t port) {
    struct sockaddr_in address = loopback(port);
    int any = socket(AF_INET, SOCK_STREAM, 0);
    return any < 0 ? errno : error_of(connect(any, (struct sockaddr *)&address, sizeof address));
}

// The one attempt that shall succeed: a sandbox in which nothing works would stop everything.
static int connect_where_allowed(const struct aims *aims) { return connect_to_port(aims->allowed_port); }

static int connect_tcp(const struct aims *aims) { return connect_to_port(aims->tcp_port); }

static int send_to(int type, int flags, uint16_t port) {
    struct sockaddr_in address = loopback(port);
    int any = socket(AF_INET, type, 0);
    return any < 0 ? errno : error_of(sendto(any, "x", 1, flags, (struct sockaddr *)&address, sizeof address));
}

static int send_fast_open(const struct aims *aims) { return send_to(SOCK_STREAM, MSG_FASTOPEN, aims->fast_open_port); }

static int send_datagram(const struct aims *aims) { return send_to(SOCK_DGRAM, 0, aims->udp_port); }

// `name` begins at sun_path + `offset`: 1 for an abstract name, which is as long as the address says.
static int connect_unix(const char *name, size_t offset) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(name);
    if (offset + length >= sizeof address.sun_path) return ENAMETOOLONG;
    memcpy(address.sun_path + offset, name, length);
    int any = socket(AF_UNIX, SOCK_STREAM, 0);
    if (any < 0) return errno;
    size_t size = offsetof(struct sockaddr_un, sun_path) + offset + length;
    return error_of(connect(any, (struct sockaddr *)&address, (socklen_t)size));
}

static int connect_to_path(const struct aims *aims) { return connect_unix(aims->socket_path, 0); }

static int connect_to_abstract_name(const struct aims *aims) { return connect_unix(aims->abstract_name, 1); }

// Whatever io_uring does, it does around the filter: to have one is enough.
static int set_io_uring_up(const struct aims *aims) {
    (void)aims;
    uint64_t parameters[15] = {0};  // struct io_uring_params
    return error_of(syscall(SYS_io_uring_setup, 1, parameters));
}

static int open_packet_socket(const struct aims *aims) {
    (void)aims;
    return error_of(socket(AF_PACKET, SOCK_RAW, 0));
}

static int open_raw_socket(const struct aims *aims) {
    (void)aims;
    return error_of(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
}

static int read_memory(const struct aims *aims) {
    uint64_t word;
    struct iovec here = {.iov_base = &word, .iov_len = sizeof word};
    struct iovec there = {.iov_base = (void *)aims->address, .iov_len = sizeof word};
    return error_of(process_vm_readv(aims->doctor, &here, 1, &there, 1, 0));
}

// Types into the terminal on standard input. Whoever may not do so to every terminal may to its own.
static int type_into_terminal(const struct aims *aims) {
    (void)aims;
    // Giving the terminal up hangs up on its foreground, which is this process.
    signal(SIGHUP, SIG_IGN);
    setsid();
    bool is_own = ioctl(STDIN_FILENO, TIOCSCTTY, 0) == 0;
    int error = error_of(ioctl(STDIN_FILENO, TIOCSTI, "x"));
    if (is_own) ioctl(STDIN_FILENO, TIOCNOTTY);
    return error;
}

// Unlike PTRACE_ATTACH it stops nobody; the end of this process lets go.
static int trace(const struct aims *aims) { return error_of(ptrace(PTRACE_SEIZE, aims->doctor, NULL, NULL)); }

static const struct {
    const char *name;
    int (*make)(const struct aims *);
} attempts[] = {
    {"allowed_connect", connect_where_allowed},
    {"tcp_connect", connect_tcp},
    {"tcp_fast_open", send_fast_open},
    {"udp_datagram", send_datagram},
    {"unix_socket", connect_to_path},
    {"abstract_unix_socket", connect_to_abstract_name},
    {"io_uring", set_io_uring_up},
    {"packet_socket", open_packet_socket},
    {"raw_socket", open_raw_socket},
    {"process_memory", read_memory},
    {"terminal_input", type_into_terminal},
    {"ptrace", trace},
};

int main(int count, char **arguments) {
    if (count != 9) {
        fputs("hoopx-selftest: error: this program is started by hoopx doctor, not by hand\n", stderr);
        return FAILED;
    }
    struct aims aims = {
        .allowed_port = (uint16_t)atoi(arguments[1]),
        .tcp_port = (uint16_t)atoi(arguments[2]),
        .fast_open_port = (uint16_t)atoi(arguments[3]),
        .udp_port = (uint16_t)atoi(arguments[4]),
        .socket_path = arguments[5],
        .abstract_name = arguments[6],
        .doctor = atoi(arguments[7]),
        .address = strtoull(arguments[8], NULL, 10),
    };
    alarm(PATIENCE);
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++)
        dprintf(STDOUT_FILENO, "%s %d\n", attempts[i].name, attempts[i].make(&aims));
    return 0;
}
