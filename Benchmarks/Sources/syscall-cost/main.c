// The price of a system call that hoopx does not trap: prints nanoseconds per getppid(2).
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int main(void) {
    enum { warmup = 100000, calls = 1000000 };
    for (int i = 0; i < warmup; i++) syscall(SYS_getppid);
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < calls; i++) syscall(SYS_getppid);
    clock_gettime(CLOCK_MONOTONIC, &end);
    double ns = (end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec);
    printf("%.2f\n", ns / calls);
    return 0;
}
