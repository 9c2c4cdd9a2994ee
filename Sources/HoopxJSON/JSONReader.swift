import HoopxCore

/// Why bytes are no JSON that hoopx takes.
public enum JSONFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Breaks RFC 8259 at this byte.
    case malformed(at: Int)
    /// Two members of one object have this name: readers disagree on which one counts (RFC 8259, 4).
    case duplicateMember(String)
    /// Arrays and objects within each other, deeper than 32.
    case tooDeep

    public var description: String {
        switch self {
        case .malformed(let offset): "it is not JSON (byte \(offset))"
        case .duplicateMember(let name): "it has the member \(ForeignText(name)) twice"
        case .tooDeep: "it is nested deeper than \(JSONReader.maximumDepth) levels"
        }
    }
}

extension JSONValue {
    /// Reads a JSON text, strictly: UTF-8 without a byte order mark, no member twice, no number beyond a double.
    public init(json: some Collection<UInt8>) throws(JSONFault) {
        var reader = JSONReader(json)
        self = try reader.document()
    }
}

/// Reads a whole JSON text.
///
/// Not Foundation's decoder, which takes a name that stands twice and says nothing: what checks a text (a token, an event)
/// and what uses it later could then see different values.
struct JSONReader {
    static let maximumDepth = 32

    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: some Collection<UInt8>) { self.bytes = Array(bytes) }

    mutating func document() throws(JSONFault) -> JSONValue {
        let value = try value(depth: 0)
        skipBlanks()
        guard index == bytes.count else { throw malformed }
        return value
    }

    private var malformed: JSONFault { .malformed(at: index) }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { index += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        index += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
        guard depth <= Self.maximumDepth else { throw .tooDeep }
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes[index...].starts(with: expected) else { throw malformed }
        index += expected.count
        return value
    }

    private mutating func object(depth: Int) throws(JSONFault) -> JSONValue {
        index += 1
        var members: [String: JSONValue] = [:]
        skipBlanks()
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw malformed }
            let name = try string()
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw malformed }
            guard members.updateValue(try value(depth: depth + 1), forKey: name) == nil else {
                throw .duplicateMember(name)
            }
            skipBlanks()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw malformed }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSONFault) -> JSONValue {
        index += 1
        var elements: [JSONValue] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipBlanks()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw malformed }
        return .array(elements)
    }

    /// RFC 8259, 6.
    private mutating func number() throws(JSONFault) -> Double {
        let start = index
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        guard let number = Double(String(decoding: bytes[start..<index], as: UTF8.self)), number.isFinite else {
            throw .malformed(at: start)
        }
        return number
    }

    private mutating func digits() throws(JSONFault) {
        let start = index
        while let byte = next, (0x30...0x39).contains(byte) { index += 1 }
        guard index > start else { throw malformed }
    }

    /// RFC 8259, 7.
    private mutating func string() throws(JSONFault) -> String {
        let start = index
        index += 1
        var text: [UInt8] = []
        while let byte = next {
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: text, as: UTF8.self) else { throw .malformed(at: start) }
                return text
            case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20: throw .malformed(at: index - 1)
            default: text.append(byte)
            }
        }
        throw malformed
    }

    private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
        guard let byte = next else { throw malformed }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw malformed
        }
        let first = try codeUnit()
        guard (0xd800..<0xdc00).contains(first) else {
            // Fails for the second half of a pair without the first.
            guard let scalar = Unicode.Scalar(first) else { throw malformed }
            return scalar
        }
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw malformed }
        let second = try codeUnit()
        guard (0xdc00..<0xe000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
        else { throw malformed }
        return scalar
    }

    private mutating func codeUnit() throws(JSONFault) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Hexadecimal.value(of: byte) else { throw malformed }
            unit = unit << 4 + UInt32(digit)
            index += 1
        }
        return unit
    }
}
