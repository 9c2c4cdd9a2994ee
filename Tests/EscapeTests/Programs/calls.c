/* calls ATTEMPT: connections by other doors of the kernel than connect(2) of this architecture. Static: nothing that is
 * preloaded sees it. Prints the results of its calls, and "tried" at the end. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the data segment of a program that is linked to run below 4 GiB: 32-bit calls can point to it. */
static struct sockaddr_in outside = {.sin_family = AF_INET};

static void say(const char *step, long result) {
    if (result < 0) printf("%s: %s\n", step, strerror(errno));
}

static void set_target(unsigned short port) {
    outside.sin_port = htons(port);
    inet_pton(AF_INET, "192.0.2.7", &outside.sin_addr);
}

/* A socket whose connect gives up after a while. */
static int impatient_socket(void) {
    int made = socket(AF_INET, SOCK_STREAM, 0);
    struct timeval patience = {.tv_usec = 100000};
    setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    return made;
}

static void static_connect(void) {
    say("connect", connect(impatient_socket(), (struct sockaddr *)&outside, sizeof outside));
}

/* The calls of 32-bit x86, by the interrupt: connect, and socketcall's SYS_CONNECT. */
static void interrupt(void) {
#ifdef __x86_64__
    static unsigned int arguments[3];
    int made = impatient_socket();
    int result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(362), "b"(made), "c"(&outside), "d"(sizeof outside) : "memory");
    arguments[0] = (unsigned int)impatient_socket();
    arguments[1] = (unsigned int)(unsigned long)&outside;
    arguments[2] = sizeof outside;
    outside.sin_port = htons(82);
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(102), "b"(3), "c"(arguments) : "memory");
#else
    static_connect(); /* no other architecture's calls can be made */
#endif
}

/* Numbers of x32, and numbers that no kernel has given out. */
static void foreign_numbers(void) {
    long numbers[] = {0x40000000L | SYS_connect, 0x40000000L | SYS_socket, 900, 0x7fffffff, -1, 1L << 32 | SYS_connect};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        say("call", syscall(numbers[i], impatient_socket(), &outside, sizeof outside));
}

struct ring {
    int fd;
    unsigned int *head, *tail, *mask, *array;
    struct io_uring_sqe *entries;
};

static int open_ring(struct ring *ring) {
    struct io_uring_params p = {0};
    ring->fd = (int)syscall(SYS_io_uring_setup, 4, &p);
    if (ring->fd < 0) return -1;
    char *queue = mmap(NULL, p.sq_off.array + p.sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
                       ring->fd, IORING_OFF_SQ_RING);
    ring->entries = mmap(NULL, p.sq_entries * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_POPULATE, ring->fd, IORING_OFF_SQES);
    ring->tail = (unsigned int *)(queue + p.sq_off.tail);
    ring->mask = (unsigned int *)(queue + p.sq_off.ring_mask);
    ring->array = (unsigned int *)(queue + p.sq_off.array);
    return 0;
}

static void submit(struct ring *ring, struct io_uring_sqe entry) {
    unsigned int index = *ring->tail & *ring->mask;
    ring->entries[index] = entry;
    ring->array[index] = index;
    __atomic_store_n(ring->tail, *ring->tail + 1, __ATOMIC_RELEASE);
    say("io_uring_enter", syscall(SYS_io_uring_enter, ring->fd, 1, 0, 0, NULL, 0));
}

/* A connect, and a send with MSG_FASTOPEN, that the kernel carries out from a ring. */
static void ring(void) {
    struct ring ring;
    int opened = open_ring(&ring);
    say("io_uring_setup", opened);
    if (opened < 0) return;
    submit(&ring, (struct io_uring_sqe){.opcode = IORING_OP_CONNECT, .fd = impatient_socket(),
                                        .addr = (unsigned long)&outside, .off = sizeof outside});
    static struct sockaddr_in second;
    second = outside;
    second.sin_port = htons(82);
    static char byte = 'x';
    static struct iovec piece = {&byte, 1};
    static struct msghdr message = {.msg_name = &second, .msg_namelen = sizeof second, .msg_iov = &piece,
                                    .msg_iovlen = 1};
    submit(&ring, (struct io_uring_sqe){.opcode = IORING_OP_SENDMSG, .fd = impatient_socket(),
                                        .addr = (unsigned long)&message, .len = 1, .msg_flags = MSG_FASTOPEN});
}

int main(int count, char **arguments) {
    static const struct {
        const char *name;
        void (*make)(void);
    } attempts[] = {{"static-connect", static_connect}, {"interrupt", interrupt},
                    {"foreign-numbers", foreign_numbers}, {"ring", ring}};
    set_target(81);
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        if (count < 2 || strcmp(arguments[1], attempts[i].name) != 0) continue;
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            attempts[i].make();
            fflush(stdout);
            _exit(0);
        }
        int status;
        waitpid(child, &status, 0);
        if (WIFSIGNALED(status)) printf("killed: %s\n", strsignal(WTERMSIG(status)));
        puts("tried");
        return 0;
    }
    return 2;
}
