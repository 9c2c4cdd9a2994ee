/// What masking needs of one run beside the engine: the key of its hashes, and its pseudonyms.
public final class MaskingSession: Sendable {
    public let engine: MaskingEngine
    let replacements = Replacements()

    public init(engine: MaskingEngine) { self.engine = engine }

    /// A short text (an argument, a path, a host name) as it may be stored.
    public func masked(_ text: String, by plan: MaskingPlan) -> String { text }
}
