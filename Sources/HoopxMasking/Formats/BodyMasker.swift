/// Masks one body as it comes, and keeps its format: JSON stays JSON, an event stays an event.
///
/// Not `Sendable`: it belongs to whoever reads the body. Its output does not depend on how the body was cut into pieces.
public final class BodyMasker {
    private let masking: Masking
    private var body: any BodyEditing

    /// - Parameter plan: which operator each entity gets.
    public convenience init(_ session: MaskingSession, plan: MaskingPlan, format: BodyFormat) {
        let engine = session.engine
        self.init(session.replacements, plan: plan, format: format) { syntax in
            TextScanner(engine, mode: syntax == .json ? .json : .text)
        }
    }

    init(
        _ replacements: Replacements, plan: MaskingPlan, format: BodyFormat,
        makeFinder: @escaping (TextSyntax) -> any ValueFinder
    ) {
        masking = Masking(replacements, plan, makeFinder)
        body = format.editing(masking)
    }

    /// Takes a piece of the body, and appends what is settled by it.
    public func append(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        body.append(bytes, into: &output)
    }

    /// Appends the rest: the body has ended.
    public func finish(into output: inout [UInt8]) { body.finish(into: &output) }

    /// How often each entity was found so far, and replaced.
    public var findings: [EntityType: Int] { masking.findings }
}

/// The detectors of a session, and the operators of a plan.
private final class Masking: ValueEditing {
    private let replacements: Replacements
    private let plan: MaskingPlan
    private let finder: (TextSyntax) -> any ValueFinder
    private(set) var findings: [EntityType: Int] = [:]

    init(_ replacements: Replacements, _ plan: MaskingPlan, _ finder: @escaping (TextSyntax) -> any ValueFinder) {
        self.replacements = replacements
        self.plan = plan
        self.finder = finder
    }

    func makeFinder(for syntax: TextSyntax) -> any ValueFinder { finder(syntax) }

    var looksBehindEscapes: Bool { false }

    func replacement(for finding: Finding, spelling: [UInt8]) -> [UInt8]? {
        let replacement = replacements.replacement(
            for: finding.entity, by: plan[finding.entity], spelling: spelling, value: finding.value)
        if replacement != nil, !finding.isContinuation { findings[finding.entity, default: 0] += 1 }
        return replacement
    }
}
