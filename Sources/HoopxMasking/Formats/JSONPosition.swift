/// Where in a JSON text (RFC 8259) something stands, as far as replacing needs to know it: in a string or not.
///
/// It holds no text and checks nothing: in what is no JSON it goes on as if it were.
struct JSONPosition {
    private(set) var isInString = false
    /// Whether the string, number or word that it is in has its replacement already.
    var hasReplaced = false
    /// Whether the rest of the number that it is in is left out, since it was replaced.
    var skipsNumber = false
    /// How much of the number that it is in went on already.
    private var numberLength = 0

    /// A longer number is not held back as a whole.
    static let maximumNumber = 64

    enum Kind { case structure, string, number, word, digits }

    /// Goes over bytes that stay.
    mutating func advance(over text: UnsafeRawBufferPointer, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        var index = range.lowerBound
        while let quote = Self.nextQuote(in: text, index..<range.upperBound, isInString: isInString) {
            isInString.toggle()
            hasReplaced = false
            index = quote + 1
        }
        guard !isInString else {
            numberLength = 0
            return
        }
        let number = Self.numberStart(before: range.upperBound, in: text, from: range.lowerBound)
        let length = range.upperBound - number
        numberLength = min(number == range.lowerBound ? numberLength + length : length, Self.maximumNumber)
        if length < range.count { hasReplaced = false }
    }

    /// Goes back from an index to where the text can be parted: not within an escape, nor within a number.
    mutating func boundary(in text: UnsafeRawBufferPointer, before index: Int, from start: Int) -> Int {
        if isInString { return Self.escapeStart(at: index, in: text, from: start) }
        guard numberLength < Self.maximumNumber else { return index }
        numberLength = 0
        return Self.numberStart(before: index, in: text, from: start)
    }

    /// Where a value must be replaced from, that was found at an index: nothing is left of an escape or a number.
    func startOfEdit(at index: Int, in text: UnsafeRawBufferPointer, from start: Int) -> Int {
        if isInString { return Self.escapeStart(at: index, in: text, from: start) }
        guard index < text.count, Self.isOfNumber(text[index]), numberLength < Self.maximumNumber else { return index }
        return Self.numberStart(before: index, in: text, from: start)
    }

    /// The end of the number that is left out.
    mutating func endOfNumber(in text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int {
        guard let end = range.first(where: { !Self.isOfNumber(text[$0]) }) else { return range.upperBound }
        skipsNumber = false
        return end
    }

    /// What a range of bytes begins with.
    func part(of text: UnsafeRawBufferPointer, _ range: Range<Int>) -> (kind: Kind, end: Int) {
        let first = range.lowerBound
        if isInString {
            let quote = Self.nextQuote(in: text, range, isInString: true)
            if quote == first { return (.structure, first + 1) }
            return (.string, quote ?? Self.escapeEnd(at: range.upperBound, in: text, from: first))
        }
        guard !Self.isOfStructure(text[first]) else {
            return (.structure, first + 1)
        }
        var end = range.first { Self.isOfStructure(text[$0]) && !Self.isBlank(text[$0]) } ?? range.upperBound
        while Self.isBlank(text[end - 1]) { end -= 1 }
        guard (first..<end).allSatisfy({ Self.isOfNumber(text[$0]) }) else { return (.word, end) }
        return (numberLength < Self.maximumNumber ? .number : .digits, end)
    }

    /// The next quotation mark that begins or ends a string.
    private static func nextQuote(in text: UnsafeRawBufferPointer, _ range: Range<Int>, isInString: Bool) -> Int? {
        var from = range.lowerBound
        while let quote = text.firstIndex(of: UInt8(ascii: "\""), in: from..<range.upperBound) {
            guard isInString else { return quote }
            var backslashes = quote
            while backslashes > range.lowerBound, text[backslashes - 1] == UInt8(ascii: "\\") { backslashes -= 1 }
            if (quote - backslashes).isMultiple(of: 2) { return quote }
            from = quote + 1
        }
        return nil
    }

    /// Where the escape begins that an index is within; the index itself where it is within none.
    private static func escapeStart(at index: Int, in text: UnsafeRawBufferPointer, from start: Int) -> Int {
        for backslash in stride(from: index - 1, through: max(start, index - 5), by: -1)
        where text[backslash] == UInt8(ascii: "\\") {
            var first = backslash
            while first > start, text[first - 1] == UInt8(ascii: "\\") { first -= 1 }
            guard (backslash - first).isMultiple(of: 2) else { return index }
            let isLong = backslash + 1 < text.count && text[backslash + 1] == UInt8(ascii: "u")
            return index < backslash + (isLong ? 6 : 2) ? backslash : index
        }
        return index
    }

    /// Where the escape ends that an index is within, as far as it is there.
    private static func escapeEnd(at index: Int, in text: UnsafeRawBufferPointer, from start: Int) -> Int {
        let backslash = escapeStart(at: index, in: text, from: start)
        guard backslash < index, backslash + 1 < text.count else { return index }
        return min(backslash + (text[backslash + 1] == UInt8(ascii: "u") ? 6 : 2), text.count)
    }

    private static func numberStart(before index: Int, in text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = index
        while index > start, isOfNumber(text[index - 1]) { index -= 1 }
        return index
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
    }

    private static func isOfStructure(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"),
            UInt8(ascii: ","), UInt8(ascii: "\""):
            true
        default: isBlank(byte)
        }
    }
}
