import HoopxCore

/// Something that hoopx itself failed at.
public struct ErrorRecord: Hashable, Sendable {
    public let doing: String
    public let found: String
    public let hint: String?

    public init(doing: String, found: String, hint: String?) {
        self.doing = doing
        self.found = found
        self.hint = hint
    }

    public init(_ error: HoopxError) { self.init(doing: error.doing, found: error.found, hint: error.hint) }
}
