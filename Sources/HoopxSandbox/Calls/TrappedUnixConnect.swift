import CHoopxLinux
import Glibc
import HoopxLinux

extension Supervisor {
    /// connect(2) on a Unix socket: only to one that a process of the target listens on or that the configuration names.
    func connectUnix(
        _ call: PendingCall, _ socket: borrowing OwnedDescriptor, to address: SocketAddress,
        from thread: TargetThread
    ) throws(Errno) {
        switch try address.unixName() {
        case .path(let path):
            let file = try UnixSocketFile(path, of: thread, during: call)
            if let named = localRules.path(of: file.file) {
                // Nothing may fail between the connection and its record.
                let process = try thread.process(during: call)
                try Self.connect(socket, to: file.address)
                handler.connectsDirectly(toUnixSocket: named, from: process)
                break
            }
            let listening = file.identity().map { listeners.listening(on: $0) } ?? .foreign
            if listening != .own { throw refusal(listening, of: path, try thread.process(during: call)) }
            try Self.connectToOwn(socket, at: file.address)
        case .abstract(let name):
            let listening = listeners.listening(on: .abstract(name))
            if listening != .own {
                throw refusal(listening, of: [UInt8(ascii: "@")] + name, try thread.process(during: call))
            }
            try Self.connectToOwn(socket, at: address)
        }
        call.succeed()
    }

    /// Why a socket that is not the target's own cannot be connected to.
    func refusal(_ listening: OwnListeners.Listening, of name: [UInt8], _ process: TargetProcess) -> Errno {
        let text = String(decoding: name, as: UTF8.self)
        guard listening == .foreign, !Self.isNameServiceCache(text) else { return Errno(ECONNREFUSED) }
        handler.refusedUnixSocket(text, from: process)
        return Errno(EACCES)
    }

    /// libc asks the caches for users, groups and hosts by itself, and goes on without them. Nobody meant to connect.
    /// A path that climbs leads elsewhere: someone meant to.
    private static func isNameServiceCache(_ path: String) -> Bool {
        nameServiceCaches.contains { path.hasPrefix($0) } && !path.split(separator: "/").contains("..")
    }

    private static let nameServiceCaches = [
        "/run/nscd/", "/var/run/nscd/", "/run/systemd/userdb/", "/run/systemd/resolve/", "/var/lib/sss/pipes/",
    ]

    /// Connects, and makes sure that the peer is one of the target's own listeners.
    ///
    /// The file or the abstract name could have got another listener after it was looked at. A listener's credentials are
    /// those of the process that called listen(2), and for the target's own that was hoopx.
    static func connectToOwn(_ socket: borrowing OwnedDescriptor, at address: SocketAddress) throws(Errno) {
        try Self.connect(socket, to: address)
        guard hoopx_peer_process(socket.raw) == getpid() else {
            shutdown(socket.raw, Int32(SHUT_RDWR))
            throw Errno(ECONNREFUSED)
        }
    }
}
