import Glibc

/// A file descriptor with one owner, closed when the owner lets go of it.
public struct OwnedDescriptor: ~Copyable, Sendable {
    public let raw: Int32

    /// Takes ownership of an open descriptor.
    public init(_ raw: Int32) { self.raw = raw }

    deinit { close(raw) }

    /// Gives the descriptor to an owner that closes it.
    public consuming func release() -> Int32 {
        let released = raw
        discard self
        return released
    }
}
