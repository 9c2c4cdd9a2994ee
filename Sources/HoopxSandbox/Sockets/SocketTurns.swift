import CHoopxLinux
import Glibc
import HoopxLinux
import Synchronization

/// Lets one notification thread at a time do something with a TCP socket of the target.
///
/// A call takes steps: the interface is held, the state is looked at, the connection is made. In between, the target itself
/// can only close a socket that is in some state; with a second call that another thread carries out meanwhile it could
/// have it listen, closed and bound to an interface anew.
final class SocketTurns: Sendable {
    /// The cookie of a socket that is in use.
    struct Turn: Sendable {
        fileprivate let cookie: UInt64
    }

    private let taken = Mutex<Set<UInt64>>([])
    private let patience: Duration

    /// - Parameter patience: how long a call waits for another one on the same socket. That one has been answered mostly,
    ///   and is about to end.
    init(patience: Duration = .milliseconds(200)) { self.patience = patience }

    /// - Throws: EALREADY where another call on the socket does not end: a connection is being made.
    func take(_ socket: borrowing OwnedDescriptor) throws(Errno) -> Turn {
        var cookie: UInt64 = 0
        try Errno.check(hoopx_socket_cookie(socket.raw, &cookie))
        let wanted = cookie
        let deadline = ContinuousClock.now + patience
        while !taken.withLock({ $0.insert(wanted).inserted }) {
            guard ContinuousClock.now < deadline else { throw Errno(EALREADY) }
            usleep(500)
        }
        return Turn(cookie: wanted)
    }

    func giveBack(_ turn: Turn) { _ = taken.withLock { $0.remove(turn.cookie) } }
}
