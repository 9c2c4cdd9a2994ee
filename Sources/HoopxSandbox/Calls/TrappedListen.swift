import Glibc
import HoopxLinux

extension Supervisor {
    /// listen(2): a TCP server is bound to the loopback interface, so that nobody outside reaches it unless the
    /// configuration names its port; and each server is remembered, so that the target can connect to it. At a port where
    /// hoopx itself has a service there is none.
    func listen(_ call: PendingCall, at workplace: Workplace) throws(Errno) {
        var thread = try workplace.thread(call.thread, isFresh: madeSockets != nil)
        let socket = try take(call.int(0), of: &thread, at: workplace)
        try call.requireWaiting()
        let facts = try SocketFacts(of: socket.raw)
        // In a network namespace of the target's making nobody is outside.
        let isReachable = facts.namespace == namespace
        let turn = try turns.take(socket)
        defer { turns.giveBack(turn) }
        if facts.isInternet, isReachable {
            try SocketFacts.holdInterface(socket.raw, domain: facts.domain)
            if try isKept(socket, facts) { throw Errno(EADDRINUSE) }
            if try isOthers(socket, facts) { throw Errno(EADDRINUSE) }
            if try !isOpenToOthers(socket, facts) { try SocketFacts.bindToLoopback(socket.raw) }
        }
        try Errno.checkLast(Glibc.listen(socket.raw, call.int(1)))
        // Unbound sockets get a port only now, and another thread may have bound it in between.
        if facts.isInternet, isReachable, try isKept(socket, facts) {
            shutdown(socket.raw, Int32(SHUT_RDWR))
            throw Errno(EADDRINUSE)
        }
        if isReachable || facts.domain == AF_UNIX {
            let sharesPort = facts.isInternet ? try SocketFacts.option(SO_REUSEPORT, of: socket.raw) != 0 : false
            try listeners.add(socket.raw, sharesPort: sharesPort)
        }
        madeSockets?.forget(socket)
        call.succeed()
    }

    /// Whether hoopx has a service at the port that a socket is bound to.
    private func isKept(_ socket: borrowing OwnedDescriptor, _ facts: SocketFacts) throws(Errno) -> Bool {
        guard !localRules.keptPorts.isEmpty else { return false }
        return localRules.keptPorts.contains(
            try SocketAddress.local(of: socket.raw).endpoint(domain: facts.domain).port)
    }

    /// Whether somebody else listens where a socket is bound: with SO_REUSEPORT the kernel would give the target
    /// connections that were meant for them.
    private func isOthers(_ socket: borrowing OwnedDescriptor, _ facts: SocketFacts) throws(Errno) -> Bool {
        let endpoint = try SocketAddress.local(of: socket.raw).endpoint(domain: facts.domain)
        return endpoint.port != 0 && listeners.othersListen(at: endpoint)
    }

    /// Whether the configuration names the port that a socket is bound to.
    private func isOpenToOthers(_ socket: borrowing OwnedDescriptor, _ facts: SocketFacts) throws(Errno) -> Bool {
        guard !localRules.listenPorts.isEmpty else { return false }
        return localRules.listenPorts.contains(
            try SocketAddress.local(of: socket.raw).endpoint(domain: facts.domain).port)
    }
}
