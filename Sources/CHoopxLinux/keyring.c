#include "keyring.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Permissions of a key (keyctl_setperm(3)): one byte for whoever possesses it, one for its user.
enum { VIEW = 0x01, READ = 0x02, SEARCH = 0x08, LINK = 0x10, SETATTR = 0x20 };

// The user's byte has what it takes to read, because a session without a link to the user keyring (a service manager's,
// a `keyctl session`) possesses nothing in it. Nobody has WRITE: a second add_key(2) would change the key in place.
static const uint32_t permissions = (VIEW | READ | SEARCH | LINK | SETATTR) << 24 | (VIEW | READ | SEARCH) << 16;

static long result_of(long result) { return result < 0 ? -errno : result; }

int32_t hoopx_user_key_find(const char *description) {
    return (int32_t)result_of(syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_USER_KEYRING, "user", description, 0));
}

ptrdiff_t hoopx_user_key_read(int32_t key, void *bytes, size_t capacity) {
    return result_of(syscall(SYS_keyctl, KEYCTL_READ, key, bytes, capacity));
}

int32_t hoopx_user_key_make(const char *description, const void *payload, size_t length, bool replaces) {
    // In the thread's own keyring first, where nobody sees it without its permissions, and two threads do not meet.
    long key = syscall(SYS_add_key, "user", description, payload, length, KEY_SPEC_THREAD_KEYRING);
    if (key < 0) return -errno;
    long moved = result_of(syscall(SYS_keyctl, KEYCTL_SETPERM, key, permissions));
    if (moved == 0) {
        unsigned int flags = replaces ? 0 : KEYCTL_MOVE_EXCL;
        moved = result_of(
            syscall(SYS_keyctl, KEYCTL_MOVE, key, KEY_SPEC_THREAD_KEYRING, KEY_SPEC_USER_KEYRING, flags));
    }
    if (moved == 0) return (int32_t)key;
    syscall(SYS_keyctl, KEYCTL_UNLINK, key, KEY_SPEC_THREAD_KEYRING);
    return (int32_t)moved;
}

int hoopx_user_key_remove(int32_t key) {
    return (int)result_of(syscall(SYS_keyctl, KEYCTL_UNLINK, key, KEY_SPEC_USER_KEYRING));
}
