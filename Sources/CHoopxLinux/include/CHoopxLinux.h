// What Swift cannot say to Linux by itself: variadic system calls, ioctls, control messages and netlink.
//
// Each function returns 0 or a non-negative result, or -errno. None of them keeps state; all may be called from any
// thread.
//
// These headers include none of libc's but the freestanding ones: what they took in from sys/socket.h, say, would stand
// in two Clang modules, and Swift's importer then finds some of it in neither, depending on the order of the build.
#pragma once

#include "datagram.h"
#include "descriptor_passing.h"
#include "execution.h"
#include "gnu_extensions.h"
#include "keyring.h"
#include "landlock.h"
#include "launch_protocol.h"
#include "netns_protocol.h"
#include "notification.h"
#include "probes.h"
#include "process.h"
#include "socket_diag.h"
#include "sockets.h"
