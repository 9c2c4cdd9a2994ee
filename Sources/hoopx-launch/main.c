#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

static int fail(int control, enum hoopx_launch_step step, int error) {
    report(control, HOOPX_LAUNCH_FAILED, 0, step, error);
    return LAUNCH_FAILED;
}

// A descriptor's number; -1 where it is none.
static int read_descriptor(const char *text) {
    char *rest;
    long number = strtol(text, &rest, 10);
    return *text && !*rest && number >= 3 && number <= 1023 ? (int)number : -1;
}

// Whether the supervisor is notified of a kind of call; `otherwise` is the word for what happens if not.
static bool read_answer(const char *argument, const char *otherwise, bool *notifies) {
    *notifies = strcmp(argument, "notify") == 0;
    return *notifies || strcmp(argument, otherwise) == 0;
}

static bool read_arguments(int count, char **arguments, struct target *target) {
    enum { CONTROL = 1, DATAGRAMS, STREAMS, EXECUTIONS, FILES, TERMINAL, DASHES, COMMAND };
    if (count <= COMMAND || strcmp(arguments[DASHES], "--") != 0) return false;
    target->control = read_descriptor(arguments[CONTROL]);
    target->file_rules = read_descriptor(arguments[FILES]);
    target->owns_terminal = strcmp(arguments[TERMINAL], "own") == 0;
    target->command = arguments + COMMAND;
    return target->control >= 0 && (target->file_rules >= 0 || strcmp(arguments[FILES], "none") == 0) &&
           (target->owns_terminal || strcmp(arguments[TERMINAL], "shared") == 0) &&
           read_answer(arguments[DATAGRAMS], "deny", &target->notifies_datagrams) &&
           read_answer(arguments[STREAMS], "allow", &target->notifies_streams) &&
           read_answer(arguments[EXECUTIONS], "allow", &target->notifies_executions);
}

// Makes this process the one that the tree's orphans fall to, that the tree cannot look into, and that no signal ends.
static int become_guardian(struct guardian *guardian, struct original_signals *original) {
    sigset_t every, child;
    sigfillset(&every);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    // With SIGCHLD ignored, as the caller may have left it, there would be no wait status.
    struct sigaction by_default = {.sa_handler = SIG_DFL};
    if (sigprocmask(SIG_SETMASK, &every, &original->mask) < 0) return errno;
    if (sigaction(SIGCHLD, &by_default, &original->child) < 0) return errno;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0) return errno;
    guardian->signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    if (guardian->signals < 0) return errno;
    // Opened now: what the tree mounts over /proc later does not matter.
    guardian->children = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    return guardian->children < 0 ? errno : 0;
}

// Makes standard input the controlling terminal of a session that this process leads. It leads it, not the command: a
// process group that nobody in its session watches over cannot be stopped with Ctrl-Z (POSIX: an orphaned one).
static int take_terminal(void) {
    return setsid() < 0 || ioctl(STDIN_FILENO, TIOCSCTTY, 0) < 0 ? errno : 0;
}

int main(int count, char **arguments) {
    struct target target = {0};
    if (!read_arguments(count, arguments, &target)) {
        fputs("hoopx-launch: error: this program is started by hoopx run, not by hand\n", stderr);
        return LAUNCH_FAILED;
    }
    target.supervisor = getppid();
    target.guardian = getpid();
    struct guardian guardian = {.control = target.control, .owns_terminal = target.owns_terminal};
    int error = become_guardian(&guardian, &target.signals);
    if (error) return fail(target.control, HOOPX_STEP_GUARDIAN, error);
    if (target.owns_terminal && (error = take_terminal())) return fail(target.control, HOOPX_STEP_TERMINAL, error);

    int outcome[2];
    if (pipe2(outcome, O_CLOEXEC) < 0) return fail(target.control, HOOPX_STEP_FORK, errno);
    guardian.outcome = outcome[0];
    guardian.main = fork();
    if (guardian.main < 0) return fail(target.control, HOOPX_STEP_FORK, errno);
    if (guardian.main == 0) {
        struct failure failure = become_target(&target);
        ssize_t written = write(outcome[1], &failure, sizeof failure);
        _exit(written == sizeof failure ? LAUNCH_FAILED : LAUNCH_FAILED + 1);
    }
    close(outcome[1]);
    stand_guard(&guardian);
    return 0;
}
