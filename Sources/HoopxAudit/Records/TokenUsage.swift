/// What a model's answer was charged with, in tokens, as the API counts them.
public struct TokenUsage: Hashable, Sendable {
    public var input: Int64
    public var output: Int64
    /// Tokens that were written to the prompt cache.
    public var cacheCreation: Int64
    /// Tokens that were read from the prompt cache.
    public var cacheRead: Int64

    /// Counts are kept within 0 and 2^53 - 1, the whole numbers that every JSON reader takes (RFC 7493, 2.2).
    public init(input: Int64, output: Int64, cacheCreation: Int64 = 0, cacheRead: Int64 = 0) {
        self.input = Self.bounded(input)
        self.output = Self.bounded(output)
        self.cacheCreation = Self.bounded(cacheCreation)
        self.cacheRead = Self.bounded(cacheRead)
    }

    private static func bounded(_ count: Int64) -> Int64 { min(max(count, 0), 1 << 53 - 1) }
}
