import Glibc
import HoopxCore
import HoopxLinux

extension Supervisor {
    /// connect(2): copies the address, takes the socket, and connects it where the address may lead.
    func connect(_ call: PendingCall, at workplace: Workplace) throws(Errno) {
        var thread = try workplace.thread(call.thread, isFresh: madeSockets != nil)
        let socket = try take(call.int(0), of: &thread, at: workplace)
        let length = Int(call.int(2))
        guard (0...SocketAddress.maximumLength).contains(length) else { throw Errno(EINVAL) }
        let address = SocketAddress(bytes: try thread.read(call.pointer(1), count: length))
        try call.requireWaiting()

        do throws(Errno) {
            try connect(call, socket, to: address, from: thread, at: workplace)
            madeSockets?.forget(socket)
        } catch {
            if error.code == EINPROGRESS { madeSockets?.forget(socket) }
            throw error
        }
    }

    private func connect(
        _ call: PendingCall, _ socket: borrowing OwnedDescriptor, to address: SocketAddress,
        from thread: TargetThread, at workplace: Workplace
    ) throws(Errno) {
        let facts = try SocketFacts(of: socket.raw)
        switch (facts.domain, facts.type) {
        case (AF_INET, SocketFacts.stream), (AF_INET6, SocketFacts.stream):
            guard facts.namespace == namespace else { throw Errno(ENETUNREACH) }
            let turn = try turns.take(socket)
            defer { turns.giveBack(turn) }
            try connectStream(call, socket, facts.domain, to: address, from: thread, at: workplace)
        case (AF_INET, SocketFacts.datagram), (AF_INET6, SocketFacts.datagram):
            // In the helper's namespace no address leads anywhere but to hoopx's name service.
            guard let helper, facts.namespace == helper.namespace else { throw Errno(ENETUNREACH) }
            try Self.connect(socket, to: address)
            call.succeed()
        case (AF_UNIX, SocketFacts.stream), (AF_UNIX, SocketFacts.sequence):
            try connectUnix(call, socket, to: address, from: thread)
        case (AF_NETLINK, _):
            // To the kernel itself: other addresses need a privilege that hoopx may have where the target has not.
            // What is no such address the kernel refuses by itself, or takes for the end of a connection.
            let namesOne = address.family == AF_NETLINK && address.bytes.count >= 12
            guard !namesOne || address.bytes[4..<12].allSatisfy({ $0 == 0 }) else { throw Errno(EPERM) }
            try Self.connect(socket, to: address)
            call.succeed()
        default:
            throw Errno(EACCES)
        }
    }

    static func connect(_ socket: borrowing OwnedDescriptor, to address: SocketAddress) throws(Errno) {
        let raw = socket.raw
        try Errno.checkLast(address.withPointer { Glibc.connect(raw, $0, $1) })
    }

    // MARK: TCP

    private func connectStream(
        _ call: PendingCall, _ socket: borrowing OwnedDescriptor, _ domain: Int32, to address: SocketAddress,
        from thread: TargetThread, at workplace: Workplace
    ) throws(Errno) {
        if address.family == AF_UNSPEC {
            try Self.connect(socket, to: SocketAddress(bytes: [UInt8](repeating: 0, count: 16)))
            return call.succeed()
        }
        try SocketFacts.holdInterface(socket.raw, domain: domain)
        let local = try SocketAddress.local(of: socket.raw).endpoint(domain: domain)
        let isV4 = try Self.connectsAsV4(socket, domain, from: local)
        guard try SocketFacts.option(TCP_INFO, level: Int32(IPPROTO_TCP), of: socket.raw) & 0xff == Self.tcpClosed
        else {
            // Connected, connecting or listening: the kernel says so whatever the address is. Should the target have closed
            // it just now, and bound it anew, nothing is sent: the address ends before it says where to (EINVAL).
            try Self.connect(socket, to: SocketAddress(bytes: [UInt8(domain), 0]))
            return call.succeed()
        }
        let endpoint = try address.endpoint(domain: domain).asConnected
        if local.address.isUnspecified || local.address.isLoopback {
            try SocketFacts.bindToLoopback(socket.raw)
        } else {
            // One bound to an external address would lose its answers; without an interface of its own it cannot leave
            // the loopback interface either. Of an address that is not the machine's (IPV6_FREEBIND) the answers would.
            guard ["", "lo"].contains(try SocketFacts.interface(of: socket.raw)), MachineAddresses.hold(local.address)
            else { throw Errno(ENETUNREACH) }
        }
        var isNobodyThere = false
        if endpoint.address.isLoopback {
            let listening = listeners.listening(on: endpoint, inquiry: try workplace.inquiry().descriptor)
            if listening == .own {
                try Self.connect(socket, to: SocketAddress(endpoint, domain: domain))
                return call.succeed()
            }
            isNobodyThere = listening == .nobody
        }
        if endpoint.address.isLoopback, localRules.loopbackPorts.contains(endpoint.port) {
            let server = Destination(host: .address(endpoint.address), port: endpoint.port)
            handler.connectsDirectly(to: server, from: try thread.process(during: call))
            try Self.connect(socket, to: SocketAddress(endpoint, domain: domain))
            return call.succeed()
        }
        let destination = Destination(
            host: names.name(of: endpoint.address).map { .name($0) } ?? .address(endpoint.address), port: endpoint.port)
        let process = try thread.process(during: call)
        let isNameService = endpoint.port == NameService.port
        if !isNameService,
            case .refuse(let errno) = handler.answer(
                to: destination, from: process, isNobodyThere: isNobodyThere)
        {
            throw Errno(errno)
        }
        try Self.deferNothing(socket)
        let connection = try workplace.listener(isV4: isV4).connect(socket, domain: domain)
        if connection.isInProgress { call.fail(Errno(EINPROGRESS)) } else { call.succeed() }
        if isNameService {
            responder.serve(connection.end)
        } else {
            handler.serve(connection.end, to: destination, from: process)
        }
    }

    /// Whether a socket can take IPv4: an IPv6 one can until it is bound to an IPv6 address or to IPv6 alone.
    ///
    /// Such a socket is connected to a mapped address, so that a machine without IPv6 will do.
    private static func connectsAsV4(
        _ socket: borrowing OwnedDescriptor, _ domain: Int32, from local: SocketAddress.Endpoint
    ) throws(Errno) -> Bool {
        if local.address.isV4 { return true }
        guard local.address.isUnspecified else { return false }
        return try SocketFacts.option(IPV6_V6ONLY, level: Int32(IPPROTO_IPV6), of: socket.raw) == 0
    }

    /// Takes TCP_FASTOPEN_CONNECT back, with which connect(2) does nothing until the first write.
    private static func deferNothing(_ socket: borrowing OwnedDescriptor) throws(Errno) {
        var zero: Int32 = 0
        let size = socklen_t(MemoryLayout<Int32>.size)
        try Errno.checkLast(setsockopt(socket.raw, Int32(IPPROTO_TCP), TCP_FASTOPEN_CONNECT, &zero, size))
    }

    /// TCP_CLOSE of the kernel's states: neither connected nor listening.
    private static let tcpClosed: Int32 = 7
}

extension SocketAddress.Endpoint {
    /// The address that the kernel connects to in its place: to the machine itself where none is named.
    var asConnected: SocketAddress.Endpoint {
        guard address.bytes.allSatisfy({ $0 == 0 }) else { return self }
        return SocketAddress.Endpoint(address: address.isV4 ? .loopback : .loopbackV6, port: port)
    }
}
