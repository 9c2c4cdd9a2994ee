// What Swift cannot say to Linux by itself: variadic system calls, ioctls, control messages and netlink.
//
// Each function returns 0 or a non-negative result, or -errno. None of them keeps state; all may be called from any
// thread.
#pragma once

#include "datagram.h"
#include "descriptor_passing.h"
#include "gnu_extensions.h"
#include "launch_protocol.h"
#include "netns_protocol.h"
#include "notification.h"
#include "process.h"
#include "socket_diag.h"
#include "sockets.h"
