/// Bytes that must never be printed, logged, compared in variable time, or encoded by accident.
///
/// It is neither Codable nor Hashable, and every textual form of it is the word `<secret>`. The value leaves only
/// through `withValue`, so that `git grep withValue` finds each place that sees one.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    public init(_ value: String) { self.value = value }

    public var isEmpty: Bool { value.isEmpty }

    public func withValue<Result, Failure: Error>(
        _ body: (String) throws(Failure) -> Result
    ) throws(Failure) -> Result { try body(value) }

    /// Compares with another's bytes in a time that depends on their number only.
    public func isEqual(to other: some Collection<UInt8>) -> Bool {
        other.withContiguousStorageIfAvailable(isEqual) ?? Array(other).withUnsafeBufferPointer(isEqual)
    }

    // Not generic: every request passes here, and a generic of another module is a call for each byte.
    private func isEqual(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        var value = value
        return value.withUTF8 { mine in
            guard mine.count == other.count else { return false }
            var difference: UInt8 = 0
            for index in mine.indices { difference |= mine[index] ^ other[index] }
            return difference == 0
        }
    }

    public var description: String { "<secret>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
