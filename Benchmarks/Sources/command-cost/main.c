// The price of a whole command: prints the median in milliseconds over many runs of it, one after another.
//
// command-cost RUNS COMMAND [ARGUMENT ...]
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

enum { most = 1000 };

static double run(char **command) {
    struct timespec start, end;
    pid_t child;
    int status;
    clock_gettime(CLOCK_MONOTONIC, &start);
    if (posix_spawnp(&child, command[0], NULL, NULL, command, environ) != 0 || waitpid(child, &status, 0) != child ||
        status != 0) {
        fprintf(stderr, "command-cost: %s failed\n", command[0]);
        exit(1);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    return (end.tv_sec - start.tv_sec) * 1e3 + (end.tv_nsec - start.tv_nsec) / 1e6;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    int runs = argc > 2 ? atoi(argv[1]) : 0;
    static double took[most];
    if (runs < 1 || runs > most) {
        fprintf(stderr, "usage: command-cost RUNS COMMAND [ARGUMENT ...]\n");
        return 1;
    }
    run(argv + 2);
    for (int i = 0; i < runs; i++) took[i] = run(argv + 2);
    qsort(took, runs, sizeof took[0], ascending);
    printf("%.3f\n", took[runs / 2]);
    return 0;
}
