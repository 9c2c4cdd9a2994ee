#include "launch.h"

#include <descriptor_passing.h>
#include <errno.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct failure failed(enum hoopx_launch_step step, int error) { return (struct failure){step, error}; }

// Begins a process group and gives it the terminal, as a shell does for a job. SIGTTOU is blocked, so that it may.
static int lead_terminal(void) {
    return setpgid(0, 0) < 0 || tcsetpgrp(STDIN_FILENO, getpid()) < 0 ? errno : 0;
}

// The kernel kills the command when the guardian is killed. A guardian that died before this was asked for is noticed
// by its number, which this process then has no longer for a parent.
static int die_with_guardian(pid_t guardian) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0) return errno;
    return getppid() == guardian ? 0 : ESRCH;
}

// Gives the listener away and waits until the supervisor serves it. From here on this process has no duplicate: a
// command that could reach the listener could answer itself, and one that merely kept it open would hang for ever,
// instead of getting ENOSYS, once the supervisor is dead.
static int hand_over(int control, int listener, int landlock_abi) {
    struct hoopx_launch_message message = {.report = HOOPX_LAUNCH_LISTENER, .pid = getpid(), .value = landlock_abi};
    int sent = hoopx_send_packet(control, &message, sizeof message, listener);
    close(listener);
    if (sent < 0) return -sent;
    char order = 0;
    ssize_t received = hoopx_receive_packet(control, &order, sizeof order, NULL);
    if (received < 0) return (int)-received;
    return received == sizeof order && order == HOOPX_LAUNCH_PROCEED ? 0 : ECANCELED;
}

// Everything above standard error closes at execve, and stays open for a report where that fails.
static int close_descriptors(void) {
    return syscall(SYS_close_range, 3, ~0u, CLOSE_RANGE_CLOEXEC) < 0 ? errno : 0;
}

struct failure become_target(const struct target *target) {
    int error, landlock_abi, listener;
    if ((error = refuse_internet_streams())) return failed(HOOPX_STEP_STANDARD_STREAMS, error);
    if ((error = die_with_guardian(target->guardian))) return failed(HOOPX_STEP_PARENT_DEATH, error);
    if (target->owns_terminal && (error = lead_terminal())) return failed(HOOPX_STEP_TERMINAL, error);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return failed(HOOPX_STEP_NO_NEW_PRIVILEGES, errno);
    if ((error = drop_capabilities())) return failed(HOOPX_STEP_CAPABILITIES, error);
    if ((error = enter_landlock_domain(target->file_rules >= 0, &landlock_abi)))
        return failed(HOOPX_STEP_LANDLOCK, error);
    if ((error = restrict_files(target->file_rules))) return failed(HOOPX_STEP_FILE_RULES, error);
    // The guardian cannot be read, and so its child. To see what it executes the supervisor must read it; the filter says
    // yes to this call without carrying it out.
    if (target->notifies_executions) prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    if ((error = install_filter(target, landlock_abi, &listener))) return failed(HOOPX_STEP_FILTER, error);
    if ((error = hand_over(target->control, listener, landlock_abi))) return failed(HOOPX_STEP_HAND_OVER, error);
    if ((error = close_descriptors())) return failed(HOOPX_STEP_DESCRIPTORS, error);
    sigaction(SIGCHLD, &target->signals.child, NULL);
    sigprocmask(SIG_SETMASK, &target->signals.mask, NULL);
    execvp(target->command[0], target->command);
    return failed(HOOPX_STEP_EXECUTE, errno);
}
