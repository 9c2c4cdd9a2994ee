#ifndef CHOOPX_TEST_SUPPORT_H
#define CHOOPX_TEST_SUPPORT_H

#include <sys/types.h>

/* The GNU functions that Swift's Glibc module does not show. All return 0 or a negated errno. */

/* Starts argv[0]. The child gets exactly stdio[0..2] as its descriptors 0 to 2, or, where terminal is not NULL, that
 * terminal as its controlling one, on all three, in a session of its own. Its signals are as from a shell. */
int hoopx_test_spawn(pid_t *pid, char *const argv[], char *const envp[], const char *directory, const int stdio[3],
                     const char *terminal);

/* A pipe whose ends no other child inherits. */
int hoopx_test_pipe(int ends[2]);

/* The master end of a new pseudo-terminal, and its path for the other end. */
int hoopx_test_open_terminal(int *master, char *path, int path_size);

/* keyctl(2) with up to two arguments. */
long hoopx_test_keyctl(int operation, long first, long second);

/* Has the calling thread, and no other, refused keyrings with EPERM, as Docker's filter does. */
int hoopx_test_refuse_keyrings(void);

/* One body in a content coding: gzip, deflate, br or zstd. NULL where there is no memory. */
struct hoopx_test_compressor;
struct hoopx_test_compressor *hoopx_test_compressor_make(const char *coding);
void hoopx_test_compressor_free(struct hoopx_test_compressor *it);

/* Compresses the next bytes so that the receiver can read them all at once, or ends the body.
 * Returns how many bytes were written to room, or -1 where it is too small. */
long hoopx_test_compress(struct hoopx_test_compressor *it, const unsigned char *bytes, size_t count, int is_last,
                         unsigned char *room, size_t room_size);

#endif
