import HoopxCore

/// What was found in a text.
public struct Finding: Hashable, Sendable {
    /// Absolute offsets in the bytes as they were appended; never half of an escape, a character or a base64 quantum.
    public var range: Range<Int>
    public var entity: EntityType
    /// The value with all escapes undone, digits and separators in ASCII: what is the same value is the same here.
    public var value: [UInt8]
    /// Whether it goes on where the finding before it ended: a key block is reported as it comes.
    public var isContinuation: Bool
}

/// Finds values in one text as it comes.
///
/// Findings do not depend on how the text was cut, are in order and do not overlap. Not `Sendable`: it belongs to whoever
/// reads the text.
public final class TextScanner {
    public enum Mode: Hashable, Sendable {
        /// Percent escapes, base64 and Unicode's digits and separators are seen through.
        case text
        /// The same, in a JSON document or a piece of one as it is (raw), whose escapes are undone for looking. A finding
        /// never holds a quotation mark that ends or begins a string; where a value of a custom detector does, it is
        /// reported in pieces. A finding may be a number outside of strings, or, of custom detectors, what stands between
        /// two strings: who replaces it looks after that.
        case json
    }

    /// What was found since the caller emptied this, in order.
    public var findings: [Finding] = []
    /// Before this offset nothing more will be found. It grows with each call; after `finish` it is the text's length.
    public private(set) var settled = 0

    public init(_ engine: MaskingEngine, mode: Mode) {}

    /// Takes a piece of the text.
    public func append(_ bytes: UnsafeRawBufferPointer) { settled += bytes.count }

    /// The text has ended.
    public func finish() {}

    /// A new text begins: cheap, nothing is allocated.
    public func reset() {
        findings.removeAll(keepingCapacity: true)
        settled = 0
    }
}
