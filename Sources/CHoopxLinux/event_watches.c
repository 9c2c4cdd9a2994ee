#include <errno.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

// epoll_ctl(2), in the C library's place. The kernel counts the watches of all processes of a user together
// (max_user_watches, epoll(7)), so that a target can use them up. swift-nio takes a connection that it cannot watch for
// a fault of its own, and ends the process. So it is told that it can: its next call for the connection finds no watch
// (ENOENT), and then it closes that one connection.
int epoll_ctl(int epoll, int operation, int descriptor, struct epoll_event *event) {
    long result = syscall(SYS_epoll_ctl, epoll, operation, descriptor, event);
    return result < 0 && errno == ENOSPC && operation == EPOLL_CTL_ADD ? 0 : (int)result;
}
