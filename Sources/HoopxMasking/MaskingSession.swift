import Synchronization

/// What masking needs of one run beside the engine: the key of its hashes, and its pseudonyms.
public final class MaskingSession: Sendable {
    public let engine: MaskingEngine
    let replacements = Replacements()

    /// Whoever takes one out has it alone until it is put back.
    private struct Idle: @unchecked Sendable {
        let scanner: TextScanner
    }

    private let idle = Mutex<[Idle]>([])

    public init(engine: MaskingEngine) { self.engine = engine }

    /// A short text (an argument, a path, a host name) as it may be stored.
    public func masked(_ text: String, by plan: MaskingPlan) -> String {
        guard !text.isEmpty else { return text }
        let idle = idle.withLock { $0.popLast() } ?? Idle(scanner: TextScanner(engine, mode: .text))
        defer { self.idle.withLock { $0.append(idle) } }
        let scanner = idle.scanner
        scanner.reset()
        var text = text
        text.withUTF8 { scanner.append(UnsafeRawBufferPointer($0)) }
        scanner.finish()
        defer { scanner.findings.removeAll(keepingCapacity: true) }
        guard !scanner.findings.isEmpty else { return text }
        return masked(text, scanner.findings, by: plan)
    }

    private func masked(_ text: String, _ findings: [Finding], by plan: MaskingPlan) -> String {
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        var position = 0
        for finding in findings {
            let spelling = Array(bytes[finding.range])
            let replacement = replacements.replacement(
                for: finding.entity, by: plan[finding.entity], spelling: spelling, value: finding.value)
            output += bytes[position..<finding.range.lowerBound]
            position = finding.range.upperBound
            guard let replacement else {
                output += spelling
                continue
            }
            if !finding.isContinuation { output += replacement }
        }
        return String(decoding: output + bytes[position...], as: UTF8.self)
    }
}
