import Glibc

/// Reads JSON piece by piece out of bytes that somebody else owns: values that do not matter are skipped at memory speed,
/// strings are undone only where they are asked for, and nothing is allocated for either.
///
/// What is skipped is only followed as far as is needed to find its end: brackets and strings. Whoever must know that the
/// whole text is JSON reads it with `JSONValue(json:)`. Hostile bytes make it throw, never more.
public struct JSONTokenizer {
    public enum Kind: Sendable { case object, array, string, number, bool, null }

    /// Arrays and objects within each other, at most.
    public static let maximumDepth = 512

    private let bytes: UnsafeRawBufferPointer
    /// Where the next byte is read.
    public private(set) var offset: Int
    private var depth = 0
    /// Whether nothing of the innermost array or object was read yet.
    private var isFirst = false

    /// - Parameter bytes: must live as long as the tokenizer and what it gives out.
    public init(_ bytes: UnsafeRawBufferPointer, at offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    /// What comes next.
    public mutating func kind() throws(JSONFault) -> Kind {
        switch nextByte() {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case let byte? where byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte): return .number
        default: throw malformed
        }
    }

    /// Begins an object.
    ///
    /// - Returns: whether there was one; where not, nothing is consumed.
    public mutating func enterObject() throws(JSONFault) -> Bool { try enter(UInt8(ascii: "{")) }

    /// Begins an array, as `enterObject` does an object.
    public mutating func enterArray() throws(JSONFault) -> Bool { try enter(UInt8(ascii: "[")) }

    /// The name of the object's next member, whose value comes next; nil at the object's end, which it consumes.
    public mutating func nextMember() throws(JSONFault) -> JSONToken? {
        guard try hasNext(before: UInt8(ascii: "}")) else { return nil }
        guard let name = try string() else { throw malformed }
        guard nextByte() == UInt8(ascii: ":") else { throw malformed }
        offset += 1
        return name
    }

    /// Whether the array has another element, which comes next; else its end is consumed.
    public mutating func nextElement() throws(JSONFault) -> Bool { try hasNext(before: UInt8(ascii: "]")) }

    /// The string that comes next; nil, and nothing is consumed, where none does.
    public mutating func string() throws(JSONFault) -> JSONToken? {
        guard nextByte() == UInt8(ascii: "\"") else { return nil }
        let start = offset + 1
        let end = try endOfString()
        return JSONToken(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
    }

    /// The string that comes next; whatever else comes next is skipped, for nil.
    public mutating func stringOrSkip() throws(JSONFault) -> JSONToken? {
        if let token = try string() { return token }
        try skip()
        return nil
    }

    /// The string that comes next, as far as it goes where the text ends within it: for bodies that are cut off.
    public mutating func unfinishedString() -> JSONToken? {
        guard nextByte() == UInt8(ascii: "\"") else { return nil }
        let start = offset + 1
        let end = (try? endOfString()) ?? bytes.count
        offset = max(offset, end)
        return JSONToken(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
    }

    /// The whole number that comes next, where it is one and fits; whatever else comes next is skipped, for nil.
    public mutating func integer() throws(JSONFault) -> Int? {
        var start = nextByte() == UInt8(ascii: "-") ? offset + 1 : offset
        let isNegative = start > offset
        try skip()
        guard start < offset else { return nil }
        var value = 0
        while start < offset {
            let digit = Int(bytes[start]) - 0x30
            guard (0...9).contains(digit) else { return nil }
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = product.addingReportingOverflow(digit)
            guard !isTooLarge, !overflows else { return nil }
            value = sum
            start += 1
        }
        return isNegative ? -value : value
    }

    /// The truth value that comes next; whatever else comes next is skipped, for nil.
    public mutating func bool() throws(JSONFault) -> Bool? {
        let first = nextByte()
        try skip()
        return first == UInt8(ascii: "t") ? true : first == UInt8(ascii: "f") ? false : nil
    }

    /// Passes over the value that comes next, whatever it is.
    ///
    /// - Returns: its bytes, as they stand there.
    @discardableResult
    public mutating func skip() throws(JSONFault) -> UnsafeRawBufferPointer {
        let first = nextByte()
        let start = offset
        switch first {
        case UInt8(ascii: "\""): _ = try endOfString()
        case UInt8(ascii: "{"), UInt8(ascii: "["): try skipNested()
        default: try skipWord()
        }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
    }

    /// Passes over the value that comes next.
    ///
    /// - Returns: how many elements it has; 0 where it is no array.
    public mutating func skipElements() throws(JSONFault) -> Int {
        guard try enterArray() else {
            try skip()
            return 0
        }
        var count = 0
        while try nextElement() {
            try skip()
            count += 1
        }
        return count
    }

    /// Whether nothing but blanks follows.
    public mutating func isAtEnd() -> Bool { nextByte() == nil }

    private var malformed: JSONFault { .malformed(at: offset) }

    /// The first byte that is no blank, which it does not consume.
    private mutating func nextByte() -> UInt8? {
        while offset < bytes.count {
            let byte = bytes[offset]
            guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return byte }
            offset += 1
        }
        return nil
    }

    private mutating func enter(_ bracket: UInt8) throws(JSONFault) -> Bool {
        guard nextByte() == bracket else { return false }
        guard depth < Self.maximumDepth else { throw .tooDeep }
        depth += 1
        offset += 1
        isFirst = true
        return true
    }

    private mutating func hasNext(before end: UInt8) throws(JSONFault) -> Bool {
        let byte = nextByte()
        if byte == end {
            offset += 1
            depth -= 1
            isFirst = false
            return false
        }
        if !isFirst {
            guard byte == UInt8(ascii: ",") else { throw malformed }
            offset += 1
        }
        isFirst = false
        return true
    }

    /// Goes behind the string that begins here, and returns where its closing quote stands.
    private mutating func endOfString() throws(JSONFault) -> Int {
        guard let base = bytes.baseAddress else { throw malformed }
        let start = offset + 1
        var from = start
        while from < bytes.count, let quote = memchr(base + from, 0x22, bytes.count - from) {
            let end = UnsafeRawPointer(quote) - base
            var backslashes = end
            while backslashes > start, bytes[backslashes - 1] == UInt8(ascii: "\\") { backslashes -= 1 }
            if (end - backslashes).isMultiple(of: 2) {
                offset = end + 1
                return end
            }
            from = end + 1
        }
        throw malformed
    }

    private mutating func skipNested() throws(JSONFault) {
        var nesting = 0
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                _ = try endOfString()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                nesting += 1
                guard depth + nesting <= Self.maximumDepth else { throw .tooDeep }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                nesting -= 1
                if nesting == 0 {
                    offset += 1
                    return
                }
            default: break
            }
            offset += 1
        }
        throw malformed
    }

    /// A number, a truth value or null.
    private mutating func skipWord() throws(JSONFault) {
        let start = offset
        loop: while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "E"):
                offset += 1
            default: break loop
            }
        }
        guard offset > start else { throw malformed }
    }
}
