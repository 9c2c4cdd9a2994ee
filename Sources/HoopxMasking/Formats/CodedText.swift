/// The part of a text that is still needed, beside the bytes that it is written with.
///
/// Only where something is escaped in it are these other bytes.
struct CodedText {
    let coding: TextCoding
    /// Decoded.
    private(set) var text: [UInt8] = []
    /// The offset of `text` in the whole text.
    private(set) var start = 0
    /// What of `text` is done with.
    private(set) var taken = 0

    private var isCoded = false
    private var raw: [UInt8] = []
    private var rawTaken = 0
    /// The beginning of an escape whose end has not come.
    private var undecoded: [UInt8] = []

    init(_ coding: TextCoding) { self.coding = coding }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard isCoded || !undecoded.isEmpty || coding.firstSpecial(in: bytes, from: 0) != nil else {
            text.append(contentsOf: bytes)
            return
        }
        guard !undecoded.isEmpty else { return decode(bytes, isLast: false) }
        let joined = undecoded + bytes
        undecoded.removeAll(keepingCapacity: true)
        joined.withUnsafeBytes { decode($0, isLast: false) }
    }

    /// What was waited for does not come.
    mutating func finish() {
        guard !undecoded.isEmpty else { return }
        let rest = undecoded
        undecoded.removeAll(keepingCapacity: true)
        rest.withUnsafeBytes { decode($0, isLast: true) }
    }

    private mutating func decode(_ bytes: UnsafeRawBufferPointer, isLast: Bool) {
        if !isCoded {
            isCoded = true
            raw.replaceSubrange(0..., with: text)
            rawTaken = taken
        }
        var offset = 0
        while offset < bytes.count {
            let special = coding.firstSpecial(in: bytes, from: offset) ?? bytes.count
            text.append(contentsOf: bytes[offset..<special])
            offset = special
            guard offset < bytes.count else { break }
            guard let unit = coding.unit(in: bytes, at: offset, isLast: isLast) else {
                undecoded.append(contentsOf: bytes[offset...])
                break
            }
            withUnsafeBytes(of: unit.bytes.littleEndian) { text.append(contentsOf: $0.prefix(unit.count)) }
            offset += unit.length
        }
        raw.append(contentsOf: bytes[..<offset])
    }

    /// Appends the text up to an index as it was written, and is done with it.
    mutating func copy(to index: Int, into output: inout [UInt8]) {
        guard isCoded else {
            output.append(contentsOf: text[taken..<index])
            taken = index
            return
        }
        let from = rawTaken
        walk(to: index, roundingUp: false)
        output.append(contentsOf: raw[from..<rawTaken])
    }

    /// Leaves the text up to an index out.
    mutating func skip(to index: Int) {
        if isCoded { walk(to: index, roundingUp: true) } else { taken = index }
    }

    /// What is escaped as one is never torn apart.
    private mutating func walk(to index: Int, roundingUp: Bool) {
        raw.withUnsafeBytes { raw in
            while taken < index {
                // No further than it matters: whoever walks often must not look at all the rest each time.
                let end = min(raw.count, rawTaken + index - taken)
                let length = (coding.firstSpecial(in: raw[part: 0..<end], from: rawTaken) ?? end) - rawTaken
                taken += length
                rawTaken += length
                guard taken < index, let unit = coding.unit(in: raw, at: rawTaken, isLast: true) else { return }
                guard roundingUp || taken + unit.count <= index else { return }
                taken += unit.count
                rawTaken += unit.length
            }
        }
    }

    /// Frees what is done with.
    mutating func compact() {
        guard taken > 0 else { return }
        start += taken
        if taken == text.count {
            text.removeAll(keepingCapacity: text.capacity <= Self.keptCapacity)
            raw.removeAll(keepingCapacity: raw.capacity <= Self.keptCapacity)
            isCoded = false
        } else {
            text.drop(taken)
            if isCoded { raw.drop(rawTaken) }
        }
        taken = 0
        rawTaken = 0
    }

    /// A new text begins; nothing of the one before is left.
    mutating func reset() { start = 0 }

    private static let keptCapacity = 262_144
}
