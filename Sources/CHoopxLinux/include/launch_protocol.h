// The conversation between hoopx (the supervisor) and hoopx-launch, over one AF_UNIX SOCK_SEQPACKET socket pair.
//
//   supervisor                         hoopx-launch: guardian            its child: the target to be
//      |  spawn, with one end as a descriptor |                                |
//      |                                      | fork ------------------------> |
//      | <------------- LISTENER, with the seccomp listener (SCM_RIGHTS) ----- |
//      | ------------------------- PROCEED ----------------------------------> |
//      |                                      | <--- exec (or a failure) ----- |
//      | <--- EXECUTED, or FAILED ----------- |
//      | <--- STOPPED (each time) ----------- |
//      | ---- CONTINUE (to each), TERMINATE > |
//      | <--- CONTINUED (to each) ----------- |
//      | <--- ENDED, then end of file ------- |
//
// Each message is one packet: a struct hoopx_launch_message one way, one byte of enum hoopx_launch_order the other.
// The supervisor must be the only holder of its end: when it closes it or dies, the guardian kills the whole tree.
// FAILED may come at any time before EXECUTED, also instead of LISTENER; end of file follows it.
#pragma once

#include <stdint.h>

enum hoopx_launch_report {
    // The sandbox stands; the packet carries the listener. pid: the target. value: the Landlock ABI in use, 0 if none.
    // The target waits for PROCEED, so its pid cannot be reused meanwhile: this is the time to open a pidfd.
    HOOPX_LAUNCH_LISTENER = 1,
    // The command runs. pid: the target.
    HOOPX_LAUNCH_EXECUTED = 2,
    // value: the enum hoopx_launch_step that failed; error: its errno. The command has not run.
    HOOPX_LAUNCH_FAILED = 3,
    // The target's main process was stopped. value: the signal. The guardian goes on, so that it can still end the tree;
    // the supervisor stops itself, for its shell to see, and sends CONTINUE once it is continued.
    HOOPX_LAUNCH_STOPPED = 4,
    // The target's main process ended and nothing of its tree is left. value: its wait status (waitpid(2)).
    // error: ETIMEDOUT where processes of the tree could not be killed within 5 s, else 0.
    HOOPX_LAUNCH_ENDED = 5,
    // A CONTINUE was carried out: what stops the target from now on is not taken back by it.
    HOOPX_LAUNCH_CONTINUED = 6,
};

struct hoopx_launch_message {
    uint32_t report;
    int32_t pid;
    int32_t value;
    int32_t error;
};

enum hoopx_launch_order {
    // The supervisor answers notifications: run the command. Before EXECUTED any other byte calls the launch off.
    HOOPX_LAUNCH_PROCEED = 'p',
    // Answers a STOPPED: send SIGCONT to the target's main process, unless it was reported as stopped again since; to its
    // whole process group where that has a terminal of its own, which no shell continues.
    HOOPX_LAUNCH_CONTINUE = 'c',
    // Kill the whole tree; ENDED follows.
    HOOPX_LAUNCH_TERMINATE = 't',
};

// The steps of the launch in their order, but for the last.
enum hoopx_launch_step {
    HOOPX_STEP_ARGUMENTS = 1,        // hoopx-launch was called wrongly
    HOOPX_STEP_GUARDIAN = 2,         // signals, subreaper, /proc/thread-self/children
    HOOPX_STEP_FORK = 3,
    HOOPX_STEP_STANDARD_STREAMS = 4, // ENOTSUP: standard input, output or error is a socket that could leave the sandbox
    HOOPX_STEP_PARENT_DEATH = 5,     // PR_SET_PDEATHSIG; ESRCH: the guardian died
    HOOPX_STEP_NO_NEW_PRIVILEGES = 6,
    HOOPX_STEP_CAPABILITIES = 7,
    HOOPX_STEP_LANDLOCK = 8,
    HOOPX_STEP_FILE_RULES = 9,       // E2BIG: there are 16 Landlock domains already
    HOOPX_STEP_FILTER = 10,          // EBUSY: another supervisor has a listener; EINVAL: kernel before 5.19
    HOOPX_STEP_HAND_OVER = 11,       // ECANCELED: the supervisor did not answer PROCEED
    HOOPX_STEP_DESCRIPTORS = 12,     // close_range
    HOOPX_STEP_EXECUTE = 13,         // execvp's errno: ENOENT means that there is no such command
    HOOPX_STEP_TERMINAL = 14,        // ENOTTY: standard input is no terminal that the command could have for its own
};
