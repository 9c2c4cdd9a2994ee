import Glibc
import HoopxCore
import HoopxLinux

/// What the attempts of one run of hoopx-selftest aim at: servers that only take note of who comes, a terminal that
/// echoes what is typed, and a word of hoopx's own memory.
final class SelfTestWitnesses {
    private let allowed: (socket: OwnedBox, port: UInt16)
    private let tcp: (socket: OwnedBox, port: UInt16)
    private let fastOpen: (socket: OwnedBox, port: UInt16)
    private let datagram: (socket: OwnedBox, port: UInt16)
    private let unixSocket: OwnedBox
    private let abstractSocket: OwnedBox
    private let directory: PrivateDirectory
    private let abstractName = "hoopx-doctor-" + Hexadecimal.text(of: UInt64.random(in: 0...UInt64.max))
    private let terminal: PseudoTerminal?
    private let word = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)

    init() throws(HoopxError) {
        directory = try PrivateDirectory.makeTemporary(in: "/tmp", prefix: "hoopx-doctor-")
        do throws(Errno) {
            allowed = try Self.internet(SOCK_STREAM)
            tcp = try Self.internet(SOCK_STREAM)
            fastOpen = try Self.internet(SOCK_STREAM)
            datagram = try Self.internet(SOCK_DGRAM)
            unixSocket = try Self.unix(Array((directory.path + "/witness").utf8))
            abstractSocket = try Self.unix([0] + Array(abstractName.utf8))
        } catch {
            try? directory.remove()
            throw HoopxError(.startup, doing: "opening the self-test's servers on loopback", found: "\(error)")
        }
        terminal = try? PseudoTerminal()
        word.initialize(to: 0)
    }

    deinit {
        // What stays behind holds nothing.
        try? directory.remove()
        word.deallocate()
    }

    /// hoopx-selftest's standard input, or nil where the machine has no pseudo-terminals to type into.
    var standardInput: Int32? { terminal?.slave.raw }

    /// The port that the supervised run shall reach through hoopx, and so not here.
    var allowedPort: UInt16 { allowed.port }

    /// What hoopx-selftest is told of its aims.
    var arguments: [String] {
        [
            String(allowed.port), String(tcp.port), String(fastOpen.port), String(datagram.port),
            directory.path + "/witness", abstractName, String(getpid()), String(UInt(bitPattern: word)),
        ]
    }

    /// The attempts that have got through, asked once everybody who makes them has ended.
    ///
    /// - Parameters:
    ///   - expected: once all of these have, there is nothing to wait for.
    ///   - milliseconds: how long to wait: the kernel delivers on loopback within the sender's call, and a terminal's
    ///     echo a moment after it.
    func reached(expecting expected: Set<SelfTestAttempt>, within milliseconds: Int) -> Set<SelfTestAttempt> {
        var waiting: [(attempt: SelfTestAttempt, descriptor: Int32)] = [
            (.allowedConnect, allowed.socket.descriptor.raw), (.tcpConnect, tcp.socket.descriptor.raw),
            (.fastOpen, fastOpen.socket.descriptor.raw),
            (.datagram, datagram.socket.descriptor.raw), (.unixSocket, unixSocket.descriptor.raw),
            (.abstractUnixSocket, abstractSocket.descriptor.raw),
        ]
        if let terminal { waiting.append((.terminalInput, terminal.master.raw)) }
        var reached: Set<SelfTestAttempt> = []
        let deadline = ContinuousClock.now + .milliseconds(milliseconds)
        while true {
            // A connection in the queue of a listener makes it readable.
            var watched = waiting.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            let rest = max(.zero, deadline - .now)
            poll(&watched, nfds_t(watched.count), Int32(rest / .milliseconds(1)))
            for (watch, place) in zip(watched, waiting) where watch.revents & Int16(POLLIN) != 0 {
                reached.insert(place.attempt)
            }
            waiting.removeAll { reached.contains($0.attempt) }
            if rest == .zero || reached.isSuperset(of: expected) { return reached }
        }
    }

    private static func internet(_ type: __socket_type) throws(Errno) -> (OwnedBox, UInt16) {
        let socket = try OwnedBox(socket(AF_INET, Int32(type.rawValue), 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let raw = socket.descriptor.raw
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(raw, $0, length) < 0 ? -1 : getsockname(raw, $0, &length)
            }
        }
        try Errno.checkLast(result)
        if type == SOCK_STREAM { try Errno.checkLast(listen(raw, 8)) }
        return (socket, UInt16(bigEndian: address.sin_port))
    }

    private static func unix(_ name: [UInt8]) throws(Errno) -> OwnedBox {
        let socket = try OwnedBox(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let offset = MemoryLayout<sa_family_t>.size
        withUnsafeMutableBytes(of: &address) { $0[offset...].copyBytes(from: name) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket.descriptor.raw, $0, socklen_t(offset + name.count))
            }
        }
        try Errno.checkLast(result)
        try Errno.checkLast(listen(socket.descriptor.raw, 8))
        return socket
    }

    /// A descriptor that can stand in a tuple. `ProcessSpawner` passes none on that it was not told to.
    private final class OwnedBox {
        let descriptor: OwnedDescriptor

        /// Takes a result of libc, or throws why there is none.
        init(_ result: Int32) throws(Errno) { descriptor = OwnedDescriptor(try Errno.checkLast(result)) }
    }
}
