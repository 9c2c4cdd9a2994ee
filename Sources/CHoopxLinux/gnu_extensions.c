#include "gnu_extensions.h"

#include <errno.h>
#include <nss.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

const char *hoopx_error_symbol(int error) { return strerrorname_np(error); }

const char *hoopx_error_description(int error) { return strerrordesc_np(error); }

const char *hoopx_signal_symbol(int signal) { return sigabbrev_np(signal); }

int hoopx_configure_host_lookup(const char *services) { return __nss_configure_lookup("hosts", services); }

void hoopx_name_thread(const char *name) {
    char kept[16] = {0};
    strncpy(kept, name, sizeof kept - 1);
    pthread_setname_np(pthread_self(), kept);
}

int hoopx_spawn_change_directory(void *actions, const char *directory) {
    return -posix_spawn_file_actions_addchdir_np(actions, directory);
}

int hoopx_spawn_close_from(void *actions, int first) {
    return -posix_spawn_file_actions_addclosefrom_np(actions, first);
}

static uint64_t bit(int signal) { return UINT64_C(1) << (signal - 1); }

uint64_t hoopx_ignored_signals(void) {
    uint64_t set = 0;
    for (int signal = 1; signal <= 64; signal++) {
        struct sigaction action;
        // glibc keeps 32 and 33 for itself and refuses to tell.
        if (sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN) set |= bit(signal);
    }
    return set;
}

uint64_t hoopx_blocked_signals(void) {
    sigset_t mask;
    if (pthread_sigmask(SIG_SETMASK, NULL, &mask) != 0) return 0;
    uint64_t set = 0;
    for (int signal = 1; signal <= 64; signal++)
        if (sigismember(&mask, signal) == 1) set |= bit(signal);
    return set;
}

int hoopx_collect_signals(uint64_t set) {
    sigset_t mask;
    sigemptyset(&mask);
    for (int signal = 1; signal <= 64; signal++)
        if (set & bit(signal)) sigaddset(&mask, signal);
    int failure = pthread_sigmask(SIG_BLOCK, &mask, NULL);
    if (failure) return -failure;
    int descriptor = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
    return descriptor < 0 ? -errno : descriptor;
}

int hoopx_next_signal(int descriptor, struct hoopx_signal *signal) {
    struct signalfd_siginfo information;
    ssize_t count;
    do count = read(descriptor, &information, sizeof information);
    while (count < 0 && errno == EINTR);
    if (count < 0) return -errno;
    *signal = (struct hoopx_signal){
        .number = (int32_t)information.ssi_signo, .code = information.ssi_code, .sender = (int32_t)information.ssi_pid};
    return 0;
}
