// Keys of type "user" in the kernel's user keyring (keyrings(7), user-keyring(7)): one keyring for each user, shared by
// all of the user's sessions, in memory only.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The key with this description. -ENOKEY, -EKEYEXPIRED, -EKEYREVOKED: there is none any more. -EPERM, -ENOSYS: a
// container's filter refuses keyrings, or the kernel has none.
int32_t hoopx_user_key_find(const char *description);

// Copies a key's payload; its whole length, which may be more than there was room for.
ptrdiff_t hoopx_user_key_read(int32_t key, void *bytes, size_t capacity);

// Makes a key that processes of its user can find and read and that nobody can write, so that it is whole from its first
// moment. -EEXIST: there is one with this description, and `replaces` is false.
int32_t hoopx_user_key_make(const char *description, const void *payload, size_t length, bool replaces);

int hoopx_user_key_remove(int32_t key);
