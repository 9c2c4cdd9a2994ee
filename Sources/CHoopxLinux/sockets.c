#include "sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

_Static_assert(HOOPX_SOCK_CLOEXEC == SOCK_CLOEXEC && HOOPX_SOCK_NONBLOCK == SOCK_NONBLOCK, "flags of socket(2)");
_Static_assert(HOOPX_O_PATH == O_PATH, "flags of open(2)");

int hoopx_accept(int listener, void *peer, uint32_t *length) {
    int taken = accept4(listener, peer, length, SOCK_CLOEXEC);
    return taken < 0 ? -errno : taken;
}

int hoopx_peer_process(int socket) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0 ? -errno : peer.pid;
}

int hoopx_event(void) {
    int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return event < 0 ? -errno : event;
}
