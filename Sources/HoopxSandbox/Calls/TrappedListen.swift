import Glibc
import HoopxLinux

extension Supervisor {
    /// listen(2): a TCP server is bound to the loopback interface, so that nobody outside reaches it; and each server
    /// is remembered, so that the target can connect to it.
    func listen(_ call: PendingCall) throws(Errno) {
        let thread = try TargetThread(call.thread)
        let socket = try thread.takeDescriptor(call.int(0))
        try call.requireWaiting()
        let facts = try SocketFacts(of: socket.raw)
        // In a network namespace of the target's making nobody is outside.
        let isReachable = facts.namespace == namespace
        if facts.isInternet, isReachable {
            try SocketFacts.holdInterface(socket.raw, domain: facts.domain)
            try SocketFacts.bindToLoopback(socket.raw)
        }
        try Errno.checkLast(Glibc.listen(socket.raw, call.int(1)))
        if isReachable || facts.domain == AF_UNIX {
            let sharesPort = facts.isInternet ? try SocketFacts.option(SO_REUSEPORT, of: socket.raw) != 0 : false
            try listeners.add(socket.raw, sharesPort: sharesPort)
        }
        call.succeed()
    }
}
