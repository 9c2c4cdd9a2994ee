/// What the target may do with files.
public struct FilesystemConfiguration: Hashable, Sendable {
    /// A tree that may be written to.
    public enum Writable: Hashable, Sendable {
        /// The working directory, the temporary directories and the user's cache.
        case workspace
        /// Absolute.
        case tree(String)
    }

    /// Files and directories that are kept from the target, beside those that always are; absolute.
    public let denied: [String]
    /// What is given back of those that are kept from it by default; absolute.
    public let allowed: [String]
    /// All that may be written to, or nil for everything that is not denied.
    public let write: [Writable]?
    /// Whether there are no file rules at all, so that sandboxes inside can mount.
    public let allowsNested: Bool

    public init(
        denied: [String] = [], allowed: [String] = [], write: [Writable]? = nil, allowsNested: Bool = false
    ) {
        self.denied = denied
        self.allowed = allowed
        self.write = write
        self.allowsNested = allowsNested
    }
}
