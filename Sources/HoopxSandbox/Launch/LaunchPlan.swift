import HoopxLinux

/// What is to be run under the sandbox, and with what.
public struct LaunchPlan: Sendable {
    /// The path of hoopx-launch.
    public var launchProgram: String
    /// The path of hoopx-netns.
    public var namespaceProgram: String
    /// The command and its arguments. Without a slash it is searched in hoopx's `PATH`.
    public var command: [String]
    /// The target's environment, but for what the datagram tier adds.
    public var environment: [String: String]
    /// The target's working directory, or nil for hoopx's own.
    public var workingDirectory: String?
    /// The target's signal dispositions and mask: those that hoopx was started with.
    public var signals: InheritedSignals
    /// Where hoopx serves clients that know that they speak to a proxy (`DatagramTier.environment`).
    public var explicitProxyPort: UInt16
    /// Which files the target may read and write; nil for all that its user may.
    public var fileRules: FileRules?
    /// What is open of this machine's own servers.
    public var localRules: LocalRules
    /// The target's standard input, output and error.
    public var standardStreams: [Int32]
    /// Whether its standard input is a terminal that becomes its controlling one; else it keeps hoopx's.
    public var ownsTerminal: Bool

    public init(
        launchProgram: String, namespaceProgram: String, command: [String], environment: [String: String],
        workingDirectory: String? = nil, signals: InheritedSignals, explicitProxyPort: UInt16,
        fileRules: FileRules? = nil, localRules: LocalRules = .none, standardStreams: [Int32] = [0, 1, 2],
        ownsTerminal: Bool = false
    ) {
        self.launchProgram = launchProgram
        self.namespaceProgram = namespaceProgram
        self.command = command
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.signals = signals
        self.explicitProxyPort = explicitProxyPort
        self.fileRules = fileRules
        self.localRules = localRules
        self.standardStreams = standardStreams
        self.ownsTerminal = ownsTerminal
    }
}
