/// Masks one body as it comes, and keeps its format: JSON stays JSON, an event stays an event.
///
/// Not `Sendable`: it belongs to whoever reads the body. Its output does not depend on how the body was cut into pieces.
public final class BodyMasker {
    /// - Parameter plan: which operator each entity gets.
    public init(_ session: MaskingSession, plan: MaskingPlan, format: BodyFormat) {}

    /// Takes a piece of the body, and appends what is settled by it.
    public func append(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) { output += bytes }

    /// Appends the rest: the body has ended.
    public func finish(into output: inout [UInt8]) {}

    /// How often each entity was found so far.
    public var findings: [EntityType: Int] { [:] }
}

/// Puts values back where a response holds their pseudonyms (`MaskingOperator.pseudonym`).
public final class PseudonymRestorer {
    public init(_ session: MaskingSession, format: BodyFormat) {}

    public func append(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) { output += bytes }

    public func finish(into output: inout [UInt8]) {}
}
