/// Bytes that must never be printed, logged, compared in variable time, or encoded by accident.
///
/// It is neither Codable nor Hashable, and every textual form of it is the word `<secret>`. The value leaves only
/// through `withValue`, so that `git grep withValue` finds each place that sees one.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    public init(_ value: String) { self.value = value }

    public var isEmpty: Bool { value.isEmpty }

    public func withValue<Result>(_ body: (String) throws -> Result) rethrows -> Result { try body(value) }

    /// Compares with another's bytes in a time that depends on their number only.
    public func isEqual(to other: some Collection<UInt8>) -> Bool {
        let mine = value.utf8
        guard mine.count == other.count else { return false }
        return zip(mine, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    public var description: String { "<secret>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
