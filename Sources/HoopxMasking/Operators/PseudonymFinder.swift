/// Finds what has the shape of a pseudonym, `<ENTITY_1>`.
final class PseudonymFinder: ValueFinder {
    /// Brackets included.
    static let maximumLength = 80

    var findings: [Finding] = []
    private(set) var settled = 0
    /// From the bracket on; empty where none is open.
    private var candidate: [UInt8] = []
    private var offset = 0

    func append(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        while index < bytes.count {
            if candidate.isEmpty {
                guard let bracket = bytes.firstIndex(of: UInt8(ascii: "<"), from: index) else { break }
                index = bracket
            }
            take(bytes[index], at: offset + index)
            index += 1
        }
        offset += bytes.count
        settled = offset - candidate.count
    }

    func finish() {
        candidate.removeAll(keepingCapacity: true)
        settled = offset
    }

    func reset() {
        findings.removeAll(keepingCapacity: true)
        candidate.removeAll(keepingCapacity: true)
        offset = 0
        settled = 0
    }

    private func take(_ byte: UInt8, at offset: Int) {
        switch byte {
        case UInt8(ascii: "<"):
            candidate.removeAll(keepingCapacity: true)
            candidate.append(byte)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            candidate.append(byte)
            if candidate.count == Self.maximumLength { candidate.removeAll(keepingCapacity: true) }
        case UInt8(ascii: ">"):
            candidate.append(byte)
            findings.append(
                Finding(
                    range: offset + 1 - candidate.count..<offset + 1, entity: Self.entity, value: candidate,
                    isContinuation: false))
            candidate.removeAll(keepingCapacity: true)
        default: candidate.removeAll(keepingCapacity: true)
        }
    }

    private static let entity = EntityType(rawValue: "PSEUDONYM")
}
