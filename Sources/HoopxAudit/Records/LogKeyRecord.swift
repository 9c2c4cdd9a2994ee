/// That the log is signed with another key from here on: its first, or a new one for one that was lost.
public struct LogKeyRecord: Hashable, Sendable {
    /// As `LogVerifier` writes it.
    public let key: String
    /// The key until here; nil where it is the first.
    public let previous: String?

    public init(key: String, previous: String?) {
        self.key = key
        self.previous = previous
    }
}
