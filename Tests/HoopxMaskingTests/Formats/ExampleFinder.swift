@testable import HoopxMasking

/// Finds 16 digits, in groups or not, and addresses of small letters: enough to see how formats treat findings.
final class ExampleFinder: ValueFinder {
    static let card = EntityType(rawValue: "CREDIT_CARD")
    static let email = EntityType(rawValue: "EMAIL_ADDRESS")
    /// From `BEGIN` to `END`, found piece by piece.
    static let block = EntityType(rawValue: "BLOCK")

    var findings: [Finding] = []
    private(set) var settled = 0
    private let isJSON: Bool
    private var pending: [UInt8] = []
    private var isInBlock = false

    init(_ syntax: TextSyntax) { isJSON = syntax == .json }

    func append(_ bytes: UnsafeRawBufferPointer) {
        pending += bytes
        look(isLast: false)
    }

    func finish() { look(isLast: true) }

    func reset() {
        findings = []
        settled = 0
        pending = []
        isInBlock = false
    }

    private func look(isLast: Bool) {
        var index = 0
        while index < pending.count, let end = token(at: index, isLast: isLast) { index = end }
        pending.removeFirst(index)
        settled += index
    }

    /// - Returns: the end of what begins here; nil where that is not known yet.
    private func token(at start: Int, isLast: Bool) -> Int? {
        func run(_ isMember: (UInt8) -> Bool) -> Int? {
            let end = pending[start...].firstIndex { !isMember($0) }
            return end ?? (isLast ? pending.count : nil)
        }
        if isInBlock { return blockToken(at: start, isLast: isLast) }
        switch pending[start] {
        case UInt8(ascii: "\\") where isJSON:
            guard start + 1 < pending.count else { return isLast ? start + 1 : nil }
            let end = start + (pending[start + 1] == UInt8(ascii: "u") ? 6 : 2)
            return end <= pending.count ? end : isLast ? pending.count : nil
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            guard let end = run({ Self.isDigit($0) || $0 == 0x20 || $0 == 0x2d }) else { return nil }
            var last = end
            while !Self.isDigit(pending[last - 1]) { last -= 1 }
            let digits = pending[start..<last].filter(Self.isDigit)
            if digits.count == 16 { report(start..<last, Self.card, digits) }
            return end
        case UInt8(ascii: "a")...UInt8(ascii: "z"):
            guard let end = run({ Self.isLetter($0) || $0 == 0x40 || $0 == 0x2e }) else { return nil }
            if pending[start..<end].contains(0x40) { report(start..<end, Self.email, Array(pending[start..<end])) }
            return end
        case UInt8(ascii: "B"):
            guard let end = run({ (0x41...0x5a).contains($0) }) else { return nil }
            if pending[start..<end].elementsEqual("BEGIN".utf8) {
                isInBlock = true
                report(start..<end, Self.block, [])
            }
            return end
        default: return start + 1
        }
    }

    /// A block ends with its mark, or with the string that it stands in.
    private func blockToken(at start: Int, isLast: Bool) -> Int? {
        let mark = Array("END".utf8)
        let rest = pending[start...].prefix(mark.count)
        if isJSON, pending[start] == UInt8(ascii: "\"") {
            isInBlock = false
            return start
        }
        guard rest.count == mark.count || isLast || !mark.starts(with: rest) else { return nil }
        if rest.elementsEqual(mark) {
            isInBlock = false
            report(start..<start + mark.count, Self.block, [], isContinuation: true)
            return start + mark.count
        }
        var end = start + 1
        if isJSON, pending[start] == UInt8(ascii: "\\") {
            guard start + 1 < pending.count || isLast else { return nil }
            end = min(start + 2, pending.count)
        }
        report(start..<end, Self.block, [], isContinuation: true)
        return end
    }

    private func report(_ range: Range<Int>, _ entity: EntityType, _ value: [UInt8], isContinuation: Bool = false) {
        let absolute = settled + range.lowerBound..<settled + range.upperBound
        findings.append(Finding(range: absolute, entity: entity, value: value, isContinuation: isContinuation))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte) }
}

extension BodyFormat {
    static let claude = BodyFormat.eventStream([
        StreamedField(path: ["delta", "text"], channel: ["index"], content: .text),
        StreamedField(path: ["delta", "thinking"], channel: ["index"], content: .text),
        StreamedField(path: ["delta", "partial_json"], channel: ["index"], content: .json),
    ])
    static let choices = BodyFormat.eventStream([
        StreamedField(
            path: ["choices", "[]", "delta", "content"], channel: ["choices", "[]", "index"], content: .text)
    ])
}

/// Masks a body that comes in pieces.
func masked(
    _ pieces: [[UInt8]], _ format: BodyFormat, by operation: MaskingOperator = .redact,
    _ replacements: Replacements = Replacements()
) -> [UInt8] {
    let masker = BodyMasker(replacements, plan: MaskingPlan(standard: operation), format: format) { ExampleFinder($0) }
    var output: [UInt8] = []
    for piece in pieces { piece.withUnsafeBytes { masker.append($0, into: &output) } }
    masker.finish(into: &output)
    return output
}

func masked(
    _ body: String, _ format: BodyFormat, by operation: MaskingOperator = .redact,
    _ replacements: Replacements = Replacements()
) -> String {
    String(decoding: masked([Array(body.utf8)], format, by: operation, replacements), as: UTF8.self)
}

/// Cuts bytes at random places.
func cut(_ bytes: [UInt8], _ generator: inout some RandomNumberGenerator) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var rest = bytes[...]
    let longest = [1, 3, 20, 500].randomElement(using: &generator) ?? 1
    while !rest.isEmpty {
        let length = Int.random(in: 1...longest, using: &generator)
        pieces.append(Array(rest.prefix(length)))
        rest = rest.dropFirst(length)
    }
    return pieces
}

/// SplitMix64: what a seed shows once, it shows again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
