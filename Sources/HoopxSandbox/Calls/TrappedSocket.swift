import CHoopxLinux
import Glibc
import HoopxLinux

extension Supervisor {
    /// socket(2): for datagrams of IPv4 and IPv6 the helper makes it, in its namespace that nothing leads out of; streams
    /// are hoopx's to make where it could not get hold of them later.
    func makeSocket(_ call: PendingCall) throws(Errno) {
        let (domain, type, transport) = (call.int(0), call.int(1), call.int(2))
        let closesOnExec = Int32(HOOPX_SOCK_CLOEXEC)
        let socket =
            switch (domain, type & 0xf) {
            case (AF_INET, SocketFacts.datagram), (AF_INET6, SocketFacts.datagram):
                try makeDatagramSocket(domain, type & ~closesOnExec, transport)
            case (AF_INET, SocketFacts.stream), (AF_INET6, SocketFacts.stream):
                try makeStreamSocket(domain, type, transport)
            case (AF_UNIX, SocketFacts.stream), (AF_UNIX, SocketFacts.sequence):
                OwnedDescriptor(try Errno.checkLast(Glibc.socket(AF_UNIX, type | closesOnExec, transport)))
            default:
                throw Errno(EACCES)
            }
        try madeSockets?.keep(socket)
        try call.succeed(with: socket, closesOnExec: type & closesOnExec != 0)
    }

    private func makeDatagramSocket(
        _ domain: Int32, _ type: Int32, _ transport: Int32
    ) throws(Errno) -> OwnedDescriptor {
        guard let helper else { throw Errno(EACCES) }
        guard transport == 0 || transport == Int32(IPPROTO_UDP) else { throw Errno(EPROTONOSUPPORT) }
        return try helper.makeSocket(domain: domain, type: type, protocol: transport)
    }

    private func makeStreamSocket(
        _ domain: Int32, _ type: Int32, _ transport: Int32
    ) throws(Errno) -> OwnedDescriptor {
        guard transport == 0 || transport == Int32(IPPROTO_TCP) else { throw Errno(EPROTONOSUPPORT) }
        let type = type | Int32(HOOPX_SOCK_CLOEXEC)
        let socket = OwnedDescriptor(try Errno.checkLast(Glibc.socket(domain, type, transport)))
        // A port that the target tried and closed again shall be free, though hoopx has a duplicate of its socket yet.
        var one: Int32 = 1
        setsockopt(socket.raw, SOL_SOCKET, SO_REUSEADDR, &one, 4)
        return socket
    }

    /// The socket that a thread of the target has under a number: from here on the object is the same, whatever the
    /// number comes to mean.
    ///
    /// - Parameter thread: becomes another one where a kept thread has ended, and a new one has its number.
    func take(_ number: Int32, of thread: inout TargetThread, at workplace: Workplace) throws(Errno) -> OwnedDescriptor
    {
        if let madeSockets { return try madeSockets.socket(number, of: thread.id) }
        do throws(Errno) {
            return try thread.takeDescriptor(number)
        } catch {
            guard error.code == ESRCH else { throw error }
            thread = try workplace.thread(thread.id, isFresh: true)
            return try thread.takeDescriptor(number)
        }
    }
}
