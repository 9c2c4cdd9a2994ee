import CHoopxLinux
import Glibc
import HoopxLinux
import Synchronization

/// Serves the name service on one thread: over UDP in the helper's namespace, and over TCP on connections that the
/// target made to port 53 of anything.
final class DNSResponder: Sendable {
    private let service: NameService
    private let datagramSockets: [NamespaceHelper.OwnedSocket]
    private let arrivals = Mutex<[Int32]>([])
    private let alarm: OwnedDescriptor
    private let isEnding = Atomic<Bool>(false)

    private static let clientLimit = 128

    init(service: NameService, datagramSockets: [NamespaceHelper.OwnedSocket]) throws(Errno) {
        self.service = service
        self.datagramSockets = datagramSockets
        alarm = OwnedDescriptor(try Errno.check(hoopx_event()))
    }

    deinit {
        for socket in arrivals.withLock({ $0 }) { close(socket) }
    }

    /// Starts the thread, which ends with `stop`.
    func start() throws(Errno) {
        for socket in datagramSockets { try Self.setNonBlocking(socket.descriptor.raw) }
        _ = try ServiceThread(name: "hoopx-dns", stackSize: 512 << 10) { self.run() }
    }

    func stop() {
        isEnding.store(true, ordering: .releasing)
        raiseAlarm()
    }

    /// Takes over hoopx's end of a TCP connection and answers what comes on it.
    func serve(_ connection: consuming OwnedDescriptor) {
        let raw = connection.release()
        arrivals.withLock { $0.append(raw) }
        raiseAlarm()
    }

    private func raiseAlarm() {
        var one: UInt64 = 1
        _ = write(alarm.raw, &one, 8)
    }

    private static func setNonBlocking(_ descriptor: Int32) throws(Errno) {
        let flags = try Errno.checkLast(fcntl(descriptor, F_GETFL))
        try Errno.checkLast(fcntl(descriptor, F_SETFL, flags | O_NONBLOCK))
    }

    private func run() {
        var clients: [DNSClient] = []
        while !isEnding.load(ordering: .acquiring) {
            var watched = [pollfd(fd: alarm.raw, events: Int16(POLLIN), revents: 0)]
            watched += datagramSockets.map { pollfd(fd: $0.descriptor.raw, events: Int16(POLLIN), revents: 0) }
            watched += clients.map { pollfd(fd: $0.socket.raw, events: $0.interest, revents: 0) }
            guard poll(&watched, nfds_t(watched.count), -1) > 0 else { continue }
            for (socket, state) in zip(datagramSockets, watched.dropFirst()) where state.revents != 0 {
                answerDatagrams(on: socket.descriptor.raw)
            }
            let states = watched.dropFirst(1 + datagramSockets.count)
            clients = zip(clients, states).filter { client, state in
                state.revents == 0 || client.proceed(with: service)
            }.map(\.0)
            if watched[0].revents != 0 { welcome(&clients) }
        }
    }

    private func welcome(_ clients: inout [DNSClient]) {
        var count: UInt64 = 0
        _ = read(alarm.raw, &count, 8)
        let new = arrivals.withLock { arrivals in
            defer { arrivals.removeAll() }
            return arrivals
        }
        for raw in new {
            let client = DNSClient(OwnedDescriptor(raw))
            guard (try? Self.setNonBlocking(raw)) != nil else { continue }
            // The oldest has had the most time to ask.
            if clients.count >= Self.clientLimit { clients.removeFirst() }
            clients.append(client)
        }
    }

    private func answerDatagrams(on socket: Int32) {
        // A query fits easily; what is longer is none.
        var message = [UInt8](repeating: 0, count: 2048)
        for _ in 0..<64 {
            var path = hoopx_datagram_path()
            let length = hoopx_datagram_receive(socket, &message, message.count, &path)
            if length == -EMSGSIZE || length == -EPROTO { continue }
            guard length >= 0 else { return }
            guard let answer = service.respond(to: Array(message[..<length])) else { continue }
            _ = hoopx_datagram_answer(socket, answer, answer.count, &path)
        }
    }
}

/// One connection of DNS over TCP: messages with their length in two bytes before each (RFC 1035, 4.2.2).
private final class DNSClient {
    let socket: OwnedDescriptor
    private var input: [UInt8] = []
    private var output: [UInt8] = []

    init(_ socket: consuming OwnedDescriptor) { self.socket = socket }

    /// What to wait for: while answers are not taken, no more questions are read.
    var interest: Int16 { Int16(output.isEmpty ? POLLIN : POLLOUT) }

    /// Reads, answers and writes as far as it goes without waiting; false at the end of the connection.
    func proceed(with service: NameService) -> Bool {
        guard output.isEmpty || flush() else { return false }
        guard output.isEmpty else { return true }
        var part = [UInt8](repeating: 0, count: 4096)
        let count = recv(socket.raw, &part, part.count, Int32(MSG_DONTWAIT))
        if count < 0 { return errno == EAGAIN || errno == EINTR }
        guard count > 0 else { return false }
        input += part[..<count]
        while input.count >= 2 {
            let length = Int(input[0]) << 8 | Int(input[1])
            guard length <= 2048 else { return false }
            guard input.count >= length + 2 else { break }
            guard let answer = service.respond(to: Array(input[2..<length + 2])) else { return false }
            output += [UInt8(answer.count >> 8), UInt8(answer.count & 0xff)] + answer
            input.removeFirst(length + 2)
        }
        return flush()
    }

    private func flush() -> Bool {
        while !output.isEmpty {
            let count = send(socket.raw, output, output.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            output.removeFirst(count)
        }
        return true
    }
}
