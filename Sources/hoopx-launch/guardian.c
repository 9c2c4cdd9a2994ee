#include "launch.h"

#include <errno.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    // How long the kernel may take to end processes that were killed, in seconds.
    PATIENCE = 5,
    // How many are reaped before the rest is killed again: processes that fork and end in chains never run out.
    REAPED_AT_ONCE = 64,
};

// Kills each child of this process. All of the tree are its descendants, and whose parent died becomes its child, so
// that doing this again and again ends them all. A child that has not been waited for keeps its number: nobody else
// can be hit. /proc/thread-self/children is numbers with a blank behind each.
static void kill_children(int children) {
    char text[4096];
    off_t position = 0;
    pid_t pid = 0;
    ssize_t count;
    while ((count = pread(children, text, sizeof text, position)) > 0) {
        position += count;
        for (ssize_t i = 0; i < count; i++) {
            if (text[i] >= '0' && text[i] <= '9') {
                pid = pid * 10 + (text[i] - '0');
            } else if (pid > 0) {
                kill(pid, SIGKILL);
                pid = 0;
            }
        }
    }
}

static time_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

static void wait_for_signal(int signals, int milliseconds) {
    struct pollfd watched = {.fd = signals, .events = POLLIN};
    poll(&watched, 1, milliseconds);
    struct signalfd_siginfo drained;
    while (read(signals, &drained, sizeof drained) > 0) {}
}

// Kills and reaps until no child is left. Returns 0, or ETIMEDOUT. Stores the status of the main process if that is
// among them.
static int end_tree(const struct guardian *guardian, int *main_status) {
    for (time_t deadline = now() + PATIENCE;;) {
        kill_children(guardian->children);
        pid_t pid = 1;
        int status;
        for (int reaped = 0; reaped < REAPED_AT_ONCE && pid > 0; reaped++) {
            pid = waitpid(-1, &status, WNOHANG | __WALL);
            if (pid == guardian->main) *main_status = status;
        }
        if (pid < 0) return 0;  // ECHILD
        if (now() > deadline) return ETIMEDOUT;
        if (pid == 0) wait_for_signal(guardian->signals, 5);
    }
}

// What has become of the launch: the child's report that a step failed, or nothing, when execve closed the pipe.
static bool has_launched(const struct guardian *guardian) {
    struct failure failure;
    if (read(guardian->outcome, &failure, sizeof failure) == sizeof failure) {
        report(guardian->control, HOOPX_LAUNCH_FAILED, guardian->main, (int)failure.step, failure.error);
        return false;
    }
    report(guardian->control, HOOPX_LAUNCH_EXECUTED, guardian->main, 0, 0);
    return true;
}

// What waitpid(2) told of the main process. Returns whether it has ended, whose status is then stored.
static bool is_end(struct guardian *guardian, int status, int *main_status) {
    if (WIFSTOPPED(status)) {
        report(guardian->control, HOOPX_LAUNCH_STOPPED, guardian->main, WSTOPSIG(status), 0);
        guardian->unanswered_stops++;
        return false;
    }
    *main_status = status;
    return true;
}

// Reaps what has ended, the main process first: of the others there may always be more. Returns whether the main process
// is among it, whose status is then stored.
static bool has_main_ended(struct guardian *guardian, int *main_status) {
    wait_for_signal(guardian->signals, 0);
    int status, reaped = 0;
    for (pid_t whom = guardian->main; reaped < REAPED_AT_ONCE; reaped++, whom = -1) {
        pid_t pid = waitpid(whom, &status, WNOHANG | WUNTRACED);
        if (pid == guardian->main && is_end(guardian, status, main_status)) return true;
        if (pid <= 0 && whom == -1) break;
    }
    guardian->has_more_to_reap = reaped == REAPED_AT_ONCE;
    return false;
}

// What to continue: the main process, or the process group that it is in. A terminal of its own stopped all of that.
static pid_t stopped(const struct guardian *guardian) {
    pid_t group = guardian->owns_terminal ? getpgid(guardian->main) : -1;
    return group > 1 ? -group : guardian->main;
}

// Carries out an order. Returns whether the tree may live on: not without a supervisor.
//
// A shell continues the whole process group, so that the command can have stopped again before the supervisor answers
// the stop before. That answer must not end the new stop, of which the shell has yet to learn.
static bool obey(struct guardian *guardian) {
    char order;
    if (recv(guardian->control, &order, sizeof order, MSG_DONTWAIT) != sizeof order) return false;
    if (order != HOOPX_LAUNCH_CONTINUE) return false;
    if (guardian->unanswered_stops > 0) guardian->unanswered_stops--;
    if (guardian->unanswered_stops == 0) kill(stopped(guardian), SIGCONT);
    report(guardian->control, HOOPX_LAUNCH_CONTINUED, guardian->main, 0, 0);
    return true;
}

void stand_guard(struct guardian *guardian) {
    // poll(2) looks at them in this order: where a signal tells of what the command did, the outcome shows too.
    enum { CONTROL, SIGNALS, OUTCOME, WATCHED };
    int main_status = 0;
    bool is_running = false;
    for (;;) {
        // Until the command runs, orders are the child's to read, and only a hang-up is told here.
        struct pollfd watched[WATCHED] = {
            [CONTROL] = {.fd = guardian->control, .events = is_running ? POLLIN : 0},
            [SIGNALS] = {.fd = guardian->signals, .events = POLLIN},
            [OUTCOME] = {.fd = is_running ? -1 : guardian->outcome, .events = POLLIN},
        };
        if (poll(watched, WATCHED, guardian->has_more_to_reap ? 0 : -1) < 0) {
            if (errno == EINTR) continue;
            break;
        }
        if (watched[OUTCOME].revents) {
            is_running = has_launched(guardian);
            if (!is_running) break;
        }
        // Before an order too: it may answer a stop that is not the last.
        bool may_have_changed =
            watched[SIGNALS].revents || guardian->has_more_to_reap || (is_running && watched[CONTROL].revents);
        if (may_have_changed && has_main_ended(guardian, &main_status)) {
            is_running = is_running || has_launched(guardian);
            break;
        }
        if (watched[CONTROL].revents && !obey(guardian)) break;
    }
    int error = end_tree(guardian, &main_status);
    if (is_running) report(guardian->control, HOOPX_LAUNCH_ENDED, guardian->main, main_status, error);
}
