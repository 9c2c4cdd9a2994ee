import HoopxCore

/// One `hoopx run`: who ran what, where, and how it ended.
public struct SessionRecord: Hashable, Sendable {
    /// The file that was executed.
    public struct Program: Hashable, Sendable {
        /// Absolute, as it was found on the path.
        public let path: String
        /// SHA-256 of its content in lower-case hexadecimal, or nil where it could not be read.
        public let sha256: String?

        public init(path: String, sha256: String?) {
            self.path = path
            self.sha256 = sha256
        }
    }

    public let id: SessionID
    public let principal: Principal
    /// The command as it was given, its own name first, but for what looks like a secret.
    public let arguments: RecordedArguments
    public let workingDirectory: String
    public internal(set) var program: Program
    /// The hoopx process that supervises it.
    public let supervisor: SupervisorProcess
    public let startedAt: Timestamp
    /// What the run does without of hoopx's protection, by the option or the key that says so: `--allow-nested`.
    public let weakenings: [String]
    /// How datagrams are kept in, as the sandbox names its tier; nil until the sandbox stands.
    public var datagramTier: String?
    /// nil while it runs, and where hoopx vanished.
    public var endedAt: Timestamp?
    /// nil while it runs.
    public var ending: SessionEnding?

    /// Where it stands, as far as this machine can tell now.
    public var state: SessionState {
        switch (ending, supervisor.isAlive) {
        case (.interrupted, _), (nil, false): .interrupted
        case (nil, true): .running
        case (nil, nil): .unknown
        default: .ended
        }
    }

    public init(
        id: SessionID, principal: Principal, arguments: RecordedArguments, workingDirectory: String,
        program: Program, supervisor: SupervisorProcess, startedAt: Timestamp, weakenings: [String] = [],
        datagramTier: String? = nil, endedAt: Timestamp? = nil, ending: SessionEnding? = nil
    ) {
        self.id = id
        self.principal = principal
        self.arguments = arguments
        self.workingDirectory = workingDirectory
        self.program = program
        self.supervisor = supervisor
        self.startedAt = startedAt
        self.weakenings = weakenings
        self.datagramTier = datagramTier
        self.endedAt = endedAt
        self.ending = ending
    }
}

/// How a session ended.
public enum SessionEnding: Hashable, Sendable {
    /// The command exited with this status.
    case exited(status: Int32)
    /// A signal ended the command.
    case killed(signal: Int32)
    /// hoopx was told to end by this signal and ended the command.
    case terminated(signal: Int32)
    /// hoopx failed, before the command ran or while it did, and ended it.
    case failed
    /// hoopx vanished without closing the session: SIGKILL, or a crash of the machine.
    case interrupted
}

/// Where a session stands.
public enum SessionState: String, Sendable {
    case running
    case ended
    /// Its hoopx is gone without having closed it.
    case interrupted
    /// It is open, but its hoopx belongs to another PID namespace (a container), whose processes cannot be seen.
    case unknown
}
