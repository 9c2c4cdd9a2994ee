import HoopxLinux

/// What hoopx-selftest tries, once under supervision and once without; the raw value is its own word for it.
public enum SelfTestAttempt: String, Hashable, Sendable, CaseIterable {
    /// The one that shall succeed: a sandbox in which nothing works would stop everything else.
    case allowedConnect = "allowed_connect"
    case tcpConnect = "tcp_connect"
    case fastOpen = "tcp_fast_open"
    case datagram = "udp_datagram"
    case unixSocket = "unix_socket"
    case abstractUnixSocket = "abstract_unix_socket"
    case ioUring = "io_uring"
    case packetSocket = "packet_socket"
    case rawSocket = "raw_socket"
    case processMemory = "process_memory"
    case terminalInput = "terminal_input"
    case trace = "ptrace"

    public var title: String {
        switch self {
        case .allowedConnect: "connect where hoopx allows it"
        case .tcpConnect: "connect to another's TCP port"
        case .fastOpen: "send to another's TCP port (MSG_FASTOPEN)"
        case .datagram: "send to another's UDP port"
        case .unixSocket: "connect to another's Unix socket"
        case .abstractUnixSocket: "connect to another's abstract Unix socket"
        case .ioUring: "set up io_uring"
        case .packetSocket: "open a packet socket"
        case .rawSocket: "open a raw IP socket"
        case .processMemory: "read another process's memory"
        case .terminalInput: "type into the terminal (TIOCSTI)"
        case .trace: "trace another process"
        }
    }

    /// Whether something at doctor's end tells that it got through. For the others the call's own success does.
    var hasWitness: Bool {
        switch self {
        case .allowedConnect, .tcpConnect, .fastOpen, .datagram, .unixSocket, .abstractUnixSocket, .terminalInput: true
        case .ioUring, .packetSocket, .rawSocket, .processMemory, .trace: false
        }
    }

    /// Whether every machine lets an unsupervised program do it, so that a control that fails proves nothing. The
    /// others need a right that the user, or anyone, may not have.
    var isOpenToAll: Bool {
        switch self {
        case .allowedConnect, .tcpConnect, .datagram, .unixSocket, .abstractUnixSocket: true
        default: false
        }
    }
}

/// What became of an attempt in one run of hoopx-selftest.
public struct SelfTestObservation: Hashable, Sendable {
    /// What the program says: why the call failed, or nil where it succeeded.
    public let error: Errno?
    /// What the witness says; where there is none, whether the call succeeded.
    public let isReached: Bool

    public init(error: Errno?, isReached: Bool) {
        self.error = error
        self.isReached = isReached
    }
}

/// An attempt, made with supervision and without.
public struct SelfTestResult: Hashable, Sendable {
    public enum Verdict: String, Hashable, Sendable {
        /// Without supervision it gets through, with supervision it does not.
        case stopped
        /// It does not get through with supervision, and the machine refuses it to this user without, too.
        case refusedToAll = "refused_to_all"
        /// It got through under supervision.
        case escaped
        /// It shall succeed, and does, through hoopx.
        case passed
        /// It should have succeeded.
        case broken
        /// It was not made, or the control should have got through and did not: nothing is proved.
        case unjudged
    }

    public let attempt: SelfTestAttempt
    /// nil where it was not made.
    public let supervised: SelfTestObservation?
    public let control: SelfTestObservation?

    public init(attempt: SelfTestAttempt, supervised: SelfTestObservation?, control: SelfTestObservation?) {
        self.attempt = attempt
        self.supervised = supervised
        self.control = control
    }

    public var verdict: Verdict {
        if attempt == .allowedConnect {
            guard let supervised, control?.isReached == true else { return .unjudged }
            return supervised.isReached ? .passed : .broken
        }
        if supervised?.isReached == true { return .escaped }
        guard supervised != nil, let control else { return .unjudged }
        if control.isReached { return .stopped }
        return attempt.isOpenToAll || control.error == nil ? .unjudged : .refusedToAll
    }

    /// Whether it is as it should be.
    public var holds: Bool {
        switch verdict {
        case .stopped, .refusedToAll, .passed: true
        case .escaped, .broken, .unjudged: false
        }
    }
}
