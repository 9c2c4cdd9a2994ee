// The price of starting a program: prints microseconds per /bin/true, started with posix_spawn(3) and waited for.
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>

int main(void) {
    enum { warmup = 100, programs = 2000 };
    char *command[] = {"/bin/true", NULL}, *environment[] = {NULL};
    struct timespec start, end;
    for (int i = -warmup; i < programs; i++) {
        if (i == 0) clock_gettime(CLOCK_MONOTONIC, &start);
        pid_t child;
        int status;
        if (posix_spawn(&child, command[0], NULL, NULL, command, environment) != 0 ||
            waitpid(child, &status, 0) != child || status != 0) {
            fprintf(stderr, "exec-cost: /bin/true did not run\n");
            return 1;
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    double us = (end.tv_sec - start.tv_sec) * 1e6 + (end.tv_nsec - start.tv_nsec) / 1e3;
    printf("%.2f\n", us / programs);
    return 0;
}
