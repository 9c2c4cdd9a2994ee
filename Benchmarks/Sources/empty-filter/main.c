// Runs a command under a seccomp filter that allows everything: the least that any filter costs.
//
// empty-filter COMMAND [ARGUMENT ...]
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct sock_filter code = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {.len = 1, .filter = &code};
    if (argc < 2) {
        fprintf(stderr, "usage: empty-filter COMMAND [ARGUMENT ...]\n");
        return 1;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0)
        execvp(argv[1], argv + 1);
    perror("empty-filter");
    return 1;
}
