// What hoopx doctor asks of the kernel beyond what every run asks (process.h).
#pragma once

#include <stdbool.h>

// 0 where Landlock answers, else -ENOSYS (the kernel was built without it) or -EOPNOTSUPP (it was not started at boot).
int hoopx_probe_landlock(void);

// Installs a filter with a user notification listener in a child process, as hoopx-launch does. 0, or -errno: -EBUSY
// under another supervisor, whose listener is the only one that the kernel allows. `injection` becomes 0, or -errno
// where the listener cannot give a descriptor with its answer (SECCOMP_ADDFD_FLAG_SEND, 5.14).
int hoopx_probe_listener(int *injection);

// Whether every process of the user may trace the caller where Yama would allow its ancestors alone (PR_SET_PTRACER).
// Fails with -EINVAL where there is no Yama.
int hoopx_let_be_traced(bool is_allowed);

// A new pseudo-terminal, nobody's controlling one. Returns its master, or -errno; `slave` becomes the other end. Both
// close on exec.
int hoopx_open_terminal(int *slave);
