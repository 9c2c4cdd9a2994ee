#include <errno.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool is_socket(int descriptor) {
    int type;
    socklen_t length = sizeof type;
    return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length) == 0;
}

// epoll_ctl(2), in the C library's place. The kernel counts the watches of all processes of a user together
// (max_user_watches, epoll(7)), so that a target can use them up. swift-nio takes a connection that it cannot watch for
// a fault of its own, and ends the process. So it is told that it can: its next call for the connection finds no watch
// (ENOENT), and then it closes that one connection. What an event loop is woken by is no socket: without a watch on that
// there is no loop.
int epoll_ctl(int epoll, int operation, int descriptor, struct epoll_event *event) {
    long result = syscall(SYS_epoll_ctl, epoll, operation, descriptor, event);
    if (result >= 0 || errno != ENOSPC || operation != EPOLL_CTL_ADD) return (int)result;
    if (is_socket(descriptor)) return 0;
    errno = ENOSPC;
    return -1;
}
