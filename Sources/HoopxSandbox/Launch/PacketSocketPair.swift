import CHoopxLinux
import Glibc
import HoopxLinux

/// A connected pair of Unix sockets that keep packets apart (SOCK_SEQPACKET), to talk with a child process.
struct PacketSocketPair: ~Copyable {
    let ours: OwnedDescriptor
    let theirs: OwnedDescriptor

    init() throws(Errno) {
        var pair: [Int32] = [-1, -1]
        let type = SocketFacts.sequence | Int32(HOOPX_SOCK_CLOEXEC)
        try Errno.checkLast(socketpair(AF_UNIX, type, 0, &pair))
        ours = OwnedDescriptor(pair[0])
        theirs = OwnedDescriptor(pair[1])
    }
}
