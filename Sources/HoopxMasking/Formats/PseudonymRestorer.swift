/// Puts values back where a response holds their pseudonyms (`MaskingOperator.pseudonym`).
///
/// Only what the session itself has replaced is put back, and only what is spelled exactly as its pseudonym. Not `Sendable`.
public final class PseudonymRestorer {
    private var body: any BodyEditing

    public convenience init(_ session: MaskingSession, format: BodyFormat) {
        self.init(session.replacements, format: format)
    }

    init(_ replacements: Replacements, format: BodyFormat) {
        body = format.editing(Restoring(replacements))
    }

    /// Takes a piece of the body, and appends what is settled by it.
    public func append(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        body.append(bytes, into: &output)
    }

    /// Appends the rest: the body has ended.
    public func finish(into output: inout [UInt8]) { body.finish(into: &output) }
}

private final class Restoring: ValueEditing {
    private let replacements: Replacements

    init(_ replacements: Replacements) { self.replacements = replacements }

    func makeFinder(for syntax: TextSyntax) -> any ValueFinder { PseudonymFinder() }

    /// `<` may stand as `\u003c`.
    var looksBehindEscapes: Bool { true }

    func replacement(for finding: Finding, spelling: [UInt8]) -> [UInt8]? {
        replacements.spelling(of: finding.value)
    }
}
