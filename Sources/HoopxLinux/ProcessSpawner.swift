import CHoopxLinux
import Glibc

/// Starts programs with exactly the descriptors, environment, directory and signals that are asked for.
///
/// The child stays in hoopx's session. posix_spawn(3) does not copy hoopx's memory, so that it is
/// quick however much of it there is.
public struct ProcessSpawner: Sendable {
    /// The path of the program; `PATH` is not searched.
    public var program: String
    /// The arguments, the program's name first. Of a word that hoopx itself was started with, and that is no UTF-8, the
    /// program gets the bytes; likewise in the environment.
    public var arguments: [String]
    /// `NAME=value` each.
    public var environment: [String]
    /// The working directory, or nil for hoopx's own.
    public var directory: String?
    /// The child's signals.
    public var signals: InheritedSignals
    /// The child's descriptors: number i is a duplicate of `descriptors[i]`, or /dev/null where that is nil. All others
    /// are closed. The first three are the standard streams.
    public var descriptors: [Int32?]
    /// Whether the child begins a process group of its own, whose number is its pid; else it stays in hoopx's.
    public var leadsGroup: Bool

    public init(
        program: String, arguments: [String], environment: [String], directory: String? = nil,
        signals: InheritedSignals, descriptors: [Int32?] = [0, 1, 2], leadsGroup: Bool = false
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.signals = signals
        self.descriptors = descriptors
        self.leadsGroup = leadsGroup
    }

    /// Starts the program.
    ///
    /// - Returns: the pid of the child, which the caller reaps.
    /// - Throws: the reason of the first step that failed: ENOENT or EACCES for the program or the directory, EINVAL for
    ///   a NUL byte in a string.
    public func spawn() throws(Errno) -> Int32 {
        for text in [program] + arguments + environment + [directory ?? ""] where text.utf8.contains(0) {
            throw Errno(EINVAL)
        }
        // The children's numbers may overlap ours, so that each is first lifted above all of them.
        var lifted: [OwnedBox] = []
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in descriptors.enumerated() {
            if let descriptor {
                let above = Int32(descriptors.count)
                let copy = OwnedBox(try Errno.checkLast(fcntl(descriptor, F_DUPFD_CLOEXEC, above)))
                lifted.append(copy)
                posix_spawn_file_actions_adddup2(&actions, copy.descriptor.raw, Int32(number))
            } else {
                posix_spawn_file_actions_addopen(&actions, Int32(number), "/dev/null", O_RDWR, 0)
            }
        }
        hoopx_spawn_close_from(&actions, Int32(descriptors.count))
        if let directory { hoopx_spawn_change_directory(&actions, directory) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        setSignalsAndGroup(of: &attributes)

        var pid: Int32 = 0
        let failure = withCStrings(OriginalWords.arguments.bytes(of: arguments)) { arguments in
            withCStrings(OriginalWords.environment.bytes(of: environment)) { environment in
                posix_spawn(&pid, program, &actions, &attributes, arguments, environment)
            }
        }
        withExtendedLifetime(lifted) {}
        guard failure == 0 else { throw Errno(failure) }
        return pid
    }

    private func setSignalsAndGroup(of attributes: inout posix_spawnattr_t) {
        var defaults = Self.signalSet(~signals.ignored)
        var mask = Self.signalSet(signals.blocked)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setsigmask(&attributes, &mask)
        posix_spawnattr_setpgroup(&attributes, 0)
        let group = leadsGroup ? POSIX_SPAWN_SETPGROUP : 0
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | group))
    }

    /// A set as the kernel has it, 64 bits. sigaddset(3) would leave out the signals 32 and 33 that glibc keeps for
    /// itself, and posix_spawn would have the child ignore those.
    private static func signalSet(_ bits: UInt64) -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        withUnsafeMutableBytes(of: &set) { $0.storeBytes(of: bits, as: UInt64.self) }
        return set
    }

    private final class OwnedBox {
        let descriptor: OwnedDescriptor

        init(_ raw: Int32) { descriptor = OwnedDescriptor(raw) }
    }
}

/// Lends a null-terminated array of C strings.
private func withCStrings<Result>(
    _ strings: [[UInt8]], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { bytes in
        strdup((bytes + [0]).map { CChar(bitPattern: $0) })
    }
    pointers.append(nil)
    defer { pointers.forEach { free($0) } }
    return pointers.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("an array with an element has an address") }
        return body(base)
    }
}
