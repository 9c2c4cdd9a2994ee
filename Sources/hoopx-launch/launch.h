// hoopx-launch: puts a command into the sandbox and stands guard over what it starts.
//
//     hoopx-launch <control-fd> <datagrams> <streams> <executions> <files> <terminal> -- command [argument...]
//
// What becomes of datagram sockets: notify (the supervisor makes them) or deny; of stream sockets: notify or allow; of
// execve: notify (the supervisor sees it) or allow. files: none, or the descriptor of a Landlock ruleset over files that
// hoopx has made, for the command to be restricted by. terminal: shared (the command stays in hoopx's session and process
// group), or own (standard input is a terminal that nobody controls yet: it becomes the command's controlling terminal).
//
// Read in this order: launch_protocol.h (the conversation with hoopx), main.c (the two processes), target.c (the
// child's way into the sandbox and to execve), confinement.c (its walls), guardian.c (the parent's watch).
//
// Both processes have one thread. Nothing secret passes through this program. Every signal is blocked in both until the
// child's execve, so that the terminal's signals reach the command once, and the guardian never.
#pragma once

#include <launch_protocol.h>

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

// Exit status of a launch that failed; hoopx tells the user why, and chooses its own.
enum { LAUNCH_FAILED = 125 };

struct failure {
    enum hoopx_launch_step step;
    int error;
};

// What the signals were when the program was started, which is what the command gets.
struct original_signals {
    sigset_t mask;
    struct sigaction child;
};

struct target {
    char **command;
    int control;
    bool notifies_datagrams;
    bool notifies_streams;
    bool notifies_executions;
    // A Landlock ruleset, or -1 where files are not restricted.
    int file_rules;
    // Whether standard input becomes its controlling terminal.
    bool owns_terminal;
    pid_t supervisor;
    pid_t guardian;
    struct original_signals signals;
};

// Becomes the command. Returns only when a step failed. (target.c)
struct failure become_target(const struct target *target);

// The walls, in the order in which they are put up. Each returns 0 or an errno. (confinement.c)
int refuse_internet_streams(void);
int drop_capabilities(void);
int enter_landlock_domain(bool has_file_rules, int *abi);
int restrict_files(int ruleset);
int install_filter(const struct target *target, int landlock_abi, int *listener);

struct guardian {
    int control;
    // Tells SIGCHLD. (signalfd)
    int signals;
    // /proc/thread-self/children
    int children;
    // The child's struct failure, or end of file when it became the command.
    int outcome;
    pid_t main;
    bool owns_terminal;
    // Reports of a stop that the supervisor has not answered with CONTINUE yet.
    int unanswered_stops;
    // No SIGCHLD need come for what has ended and is not reaped.
    bool has_more_to_reap;
};

// Reports to the supervisor, obeys it, and at the end leaves nothing of the tree. (guardian.c)
void stand_guard(struct guardian *guardian);

// Tells the supervisor. (report.c)
void report(int control, enum hoopx_launch_report kind, pid_t pid, int value, int error);
