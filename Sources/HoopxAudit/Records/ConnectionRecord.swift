import HoopxCore

/// One connection of the target that hoopx served or let pass. Record it when it opens, and again, under its number, when it ends.
///
/// A connect that was refused is no connection: it is a denial, counted.
public struct ConnectionRecord: Hashable, Sendable {
    /// Where its bytes went.
    public enum Endpoint: Hashable, Sendable, CustomStringConvertible {
        case host(Destination)
        /// A server of this machine, by the path of its socket file as the configuration names it.
        case unixSocket(path: String)

        public var description: String {
            switch self {
            case .host(let destination): destination.description
            case .unixSocket(let path): path
            }
        }

        /// nil for a Unix socket.
        public var hostAndPort: Destination? { if case .host(let destination) = self { destination } else { nil } }
    }

    /// Which way its bytes went.
    public enum Verdict: Hashable, Sendable {
        /// Through the request pipeline of the connection with this name.
        case connection(name: String)
        /// To the host itself, by this rule.
        case tunnel(rule: String)
        /// Past hoopx to a server of this machine, by this rule: hoopx sees neither its bytes nor its end.
        case direct(rule: String)
        /// Accepted for the sake of a readable answer, or until its first bytes were seen, and denied.
        case denied(ReasonCode)
    }

    /// From `Recorder.nextConnectionNumber()`: 1 for the session's first.
    public let number: Int64
    public let destination: Endpoint
    /// The process that asked for it, or nil where it came through a port that any process of the target can use, and
    /// where it stands for several.
    public let pid: Int32?
    /// The kernel's short name of that process.
    public let command: String?
    public let openedAt: Timestamp
    public var verdict: Verdict
    /// Bytes that the target sent, as they were on its socket.
    public var bytesSent: Int64
    /// Bytes that the target received.
    public var bytesReceived: Int64
    /// Microseconds from its opening to its end by a monotonic clock; nil while it is open.
    public var duration: Int64?
    /// How many connections it stands for: more than one where there were so many that they are told together
    /// (`DirectConnections`), from the first of them on.
    public var count: Int64

    public init(
        number: Int64, destination: Endpoint, pid: Int32?, command: String?, openedAt: Timestamp,
        verdict: Verdict, bytesSent: Int64 = 0, bytesReceived: Int64 = 0, duration: Int64? = nil, count: Int64 = 1
    ) {
        self.number = number
        self.destination = destination
        self.pid = pid
        self.command = command
        self.openedAt = openedAt
        self.verdict = verdict
        self.bytesSent = bytesSent
        self.bytesReceived = bytesReceived
        self.duration = duration
        self.count = count
    }
}
