// Lets nothing get to the disk while the file that FAILING_SYNC names is there: loaded into hoopx with LD_PRELOAD.
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int synchronize(const char *name, int descriptor) {
    const char *path = getenv("FAILING_SYNC");
    if (path != NULL && access(path, F_OK) == 0) {
        errno = EIO;
        return -1;
    }
    int (*original)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    return original(descriptor);
}

int fsync(int descriptor) { return synchronize("fsync", descriptor); }

int fdatasync(int descriptor) { return synchronize("fdatasync", descriptor); }
