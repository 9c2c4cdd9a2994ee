import CHoopxLinux
import Glibc

/// A Landlock ruleset over files that is being put together; a process that restricts itself by it keeps the rights that
/// were given here and no others (landlock(7)).
public struct LandlockRuleset: ~Copyable {
    /// What may be done with files and directories.
    public struct Rights: OptionSet, Hashable, Sendable {
        public let rawValue: UInt64

        public init(rawValue: UInt64) { self.rawValue = rawValue }

        private init(_ right: hoopx_landlock_right) { rawValue = UInt64(right.rawValue) }

        public static let execute = Rights(HOOPX_LANDLOCK_EXECUTE)
        public static let readFile = Rights(HOOPX_LANDLOCK_READ_FILE)
        public static let readDirectory = Rights(HOOPX_LANDLOCK_READ_DIRECTORY)
        public static let writeFile = Rights(HOOPX_LANDLOCK_WRITE_FILE)
        /// To cut a file off at its end or elsewhere (ABI 3).
        public static let truncate = Rights(HOOPX_LANDLOCK_TRUNCATE)
        /// To make and to remove what is in a directory.
        public static let changeDirectory = Rights(HOOPX_LANDLOCK_CHANGE_DIRECTORY)
        /// To move or link from and to another directory (ABI 2).
        public static let move = Rights(HOOPX_LANDLOCK_MOVE)

        /// The rights that a file has which is no directory.
        public static let ofFiles: Rights = [.execute, .readFile, .writeFile, .truncate]
        public static let all: Rights = [.ofFiles, .readDirectory, .changeDirectory, .move]
    }

    /// The rights that the ruleset handles: those that this kernel knows.
    public let handled: Rights
    public let descriptor: OwnedDescriptor

    /// - Throws: EOPNOTSUPP where Landlock is off, EINVAL where its ABI is 1.
    public init() throws(Errno) {
        handled = hoopx_landlock_abi() >= 3 ? .all : Rights.all.subtracting(.truncate)
        descriptor = OwnedDescriptor(try Errno.check(hoopx_landlock_create(handled.rawValue)))
    }

    /// Gives rights to a file, or to everything below a directory, for as long as the file exists whatever its name is.
    public func allow(_ rights: Rights, on file: borrowing OwnedDescriptor, isDirectory: Bool) throws(Errno) {
        let given = rights.intersection(isDirectory ? handled : handled.intersection(.ofFiles))
        guard !given.isEmpty else { return }
        try Errno.check(hoopx_landlock_allow(descriptor.raw, file.raw, given.rawValue))
    }
}
