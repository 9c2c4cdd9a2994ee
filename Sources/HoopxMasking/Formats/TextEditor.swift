/// One text that comes piece by piece, and goes on with its values replaced as soon as it is settled what are some.
struct TextEditor {
    private let editing: any ValueEditing
    private let finder: any ValueFinder
    private let syntax: TextSyntax
    private var buffer: CodedText
    /// In JSON, where what is done with ends.
    private var json = JSONPosition()

    /// - Parameter levels: in how many JSON strings, one in the other, the text stands.
    init(_ editing: any ValueEditing, syntax: TextSyntax, levels: Int = 0) {
        let isUnescaped = syntax == .json && editing.looksBehindEscapes
        self.init(
            editing, syntax: isUnescaped ? .text : syntax, coding: .escaped(levels: levels + (isUnescaped ? 1 : 0)))
    }

    init(_ editing: any ValueEditing, syntax: TextSyntax, coding: TextCoding) {
        self.editing = editing
        self.syntax = syntax
        finder = editing.makeFinder(for: syntax)
        buffer = CodedText(coding)
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        let known = buffer.text.count
        buffer.append(bytes)
        feed(from: known)
        emit(upTo: finder.settled, into: &output)
    }

    /// Emits what is held back. What is appended then is another text, though in the same JSON document.
    mutating func finish(into output: inout [UInt8]) {
        let known = buffer.text.count
        buffer.finish()
        feed(from: known)
        finder.finish()
        emit(upTo: buffer.start + buffer.text.count, isLast: true, into: &output)
        finder.reset()
        buffer.reset()
    }

    /// Forgets where in a JSON document it was.
    mutating func beginDocument() { json = JSONPosition() }

    private func feed(from known: Int) {
        guard known < buffer.text.count else { return }
        buffer.text.withUnsafeBytes { finder.append($0[part: known..<$0.count]) }
    }

    private mutating func emit(upTo settled: Int, isLast: Bool = false, into output: inout [UInt8]) {
        if !finder.findings.isEmpty {
            for finding in finder.findings { edit(finding, into: &output) }
            finder.findings.removeAll(keepingCapacity: true)
        }
        goOn(to: settled - buffer.start, isLast: isLast, into: &output)
        buffer.compact()
    }

    /// What is settled goes on, but for the beginning of what must be replaced as a whole, or of a character.
    private mutating func goOn(to settled: Int, isLast: Bool, into output: inout [UInt8]) {
        if syntax == .json { skipNumber(to: settled) }
        guard settled > buffer.taken else { return }
        let end = buffer.text.withUnsafeBytes { text in
            var end = settled
            if syntax == .json {
                json.advance(over: text, buffer.taken..<settled)
                if !isLast { end = json.boundary(in: text, before: settled, from: buffer.taken) }
            }
            guard !isLast else { return end }
            while end > buffer.taken, end < text.count, text[end] & 0xc0 == 0x80 { end -= 1 }
            return end
        }
        buffer.copy(to: end, into: &output)
    }

    private mutating func copy(to index: Int, into output: inout [UInt8]) {
        guard syntax == .json else { return buffer.copy(to: index, into: &output) }
        skipNumber(to: index)
        buffer.text.withUnsafeBytes { json.advance(over: $0, buffer.taken..<index) }
        buffer.copy(to: index, into: &output)
    }

    private mutating func skipNumber(to index: Int) {
        guard json.skipsNumber, index > buffer.taken else { return }
        let end = buffer.text.withUnsafeBytes { json.endOfNumber(in: $0, buffer.taken..<index) }
        buffer.skip(to: end)
    }

    private mutating func edit(_ finding: Finding, into output: inout [UInt8]) {
        let start = max(finding.range.lowerBound - buffer.start, buffer.taken)
        let end = max(finding.range.upperBound - buffer.start, start)
        guard let replacement = replacement(for: finding, at: start..<end) else { return }
        switch syntax {
        case .text:
            buffer.copy(to: start, into: &output)
            if !finding.isContinuation { buffer.coding.append(replacement, to: &output) }
            buffer.skip(to: end)
        case .json:
            editJSON(start..<end, replacement, isContinuation: finding.isContinuation, into: &output)
        }
    }

    private func replacement(for finding: Finding, at range: Range<Int>) -> [UInt8]? {
        let spelling = buffer.text.withUnsafeBytes { text in
            var decoded = CodedText(.escaped(levels: syntax == .json ? 1 : 0))
            decoded.append(text[part: range])
            decoded.finish()
            return decoded.text
        }
        return editing.replacement(for: finding, spelling: spelling)
    }

    /// In a string the replacement stands escaped, a number becomes a string, and whatever holds the document together
    /// stays.
    private mutating func editJSON(
        _ range: Range<Int>, _ replacement: [UInt8], isContinuation: Bool, into output: inout [UInt8]
    ) {
        var index = range.lowerBound
        // Where the value begins, and not before, is known whether that is in a string.
        var probe = json
        buffer.text.withUnsafeBytes { text in
            probe.advance(over: text, buffer.taken..<index)
            index = probe.startOfEdit(at: index, in: text, from: buffer.taken)
        }
        copy(to: index, into: &output)
        if !isContinuation, !json.skipsNumber { json.hasReplaced = false }

        while index < range.upperBound {
            let part = buffer.text.withUnsafeBytes { json.part(of: $0, index..<range.upperBound) }
            switch part.kind {
            case .structure:
                copy(to: part.end, into: &output)
                json.hasReplaced = false
            case .string, .word, .number:
                if !json.hasReplaced {
                    let text = part.kind == .string ? TextCoding.escaped(replacement) : replacement
                    buffer.coding.append(part.kind == .number ? Self.quoted(text) : text, to: &output)
                }
                json.hasReplaced = true
                json.skipsNumber = part.kind == .number
                buffer.skip(to: part.end)
            case .digits:
                output.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: part.end - index))
                buffer.skip(to: part.end)
            }
            index = part.end
        }
    }

    private static func quoted(_ text: [UInt8]) -> [UInt8] {
        [UInt8(ascii: "\"")] + TextCoding.escaped(text) + [UInt8(ascii: "\"")]
    }
}
