/// Finds values in one text as it comes: `TextScanner`'s view of itself.
protocol ValueFinder: AnyObject {
    /// In order, not overlapping; whoever takes them empties it.
    var findings: [Finding] { get set }
    /// Before this offset nothing more will be found.
    var settled: Int { get }

    func append(_ bytes: UnsafeRawBufferPointer)
    func finish()
    /// A new text begins.
    func reset()
}

extension TextScanner: ValueFinder {}

/// What to look for in texts, and what takes its place.
protocol ValueEditing: AnyObject {
    func makeFinder(for syntax: TextSyntax) -> any ValueFinder

    /// Whether a JSON document's escapes are to be undone before its finder sees it, which then takes it for text.
    var looksBehindEscapes: Bool { get }

    /// - Parameter spelling: what stands in the text, escapes undone.
    /// - Returns: nil where it stays.
    func replacement(for finding: Finding, spelling: [UInt8]) -> [UInt8]?
}

/// What a replacement must fit into.
enum TextSyntax: Hashable, Sendable { case text, json }
