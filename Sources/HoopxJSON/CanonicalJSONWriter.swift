/// Writes JSON in the canonical form of RFC 8785 (JCS) as it is told, without a tree in between.
///
/// The caller gives the members of each object in the order of their names' UTF-16 code units; debug builds check it.
public struct CanonicalJSONWriter {
    public private(set) var bytes: [UInt8]
    /// Whether the next value or name of the innermost array or object is its first.
    private var isFirst = true
    #if DEBUG
        /// The last name of each object that is open; nil for an array, and before the first name.
        private var names: [String?] = []
    #endif

    public init(reservingCapacity capacity: Int = 0) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Writes an object, its members by `name(_:)` and a value each.
    public mutating func object<Failure: Error>(
        _ members: (inout CanonicalJSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        open(UInt8(ascii: "{"))
        try members(&self)
        close(UInt8(ascii: "}"))
    }

    public mutating func array<Failure: Error>(
        _ elements: (inout CanonicalJSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        open(UInt8(ascii: "["))
        try elements(&self)
        close(UInt8(ascii: "]"))
    }

    /// Begins a member: its value comes next.
    public mutating func name(_ name: String) {
        #if DEBUG
            if let last = names.last.flatMap(\.self) {
                precondition(CanonicalJSON.precedes(last, name), "\(last) stands before \(name)")
            }
            if !names.isEmpty { names[names.count - 1] = name }
        #endif
        separate()
        JSONString.append(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        isFirst = true
    }

    public mutating func null() { word("null") }

    public mutating func bool(_ value: Bool) { word(value ? "true" : "false") }

    public mutating func string(_ text: String) {
        separate()
        JSONString.append(text, to: &bytes)
    }

    /// - Precondition: within 2^53 - 1 of 0, since every reader of JSON must find the same number (RFC 7493, 2.2).
    public mutating func integer(_ number: Int64) {
        assert(number.magnitude <= UInt64(JSONNumber.exactLimit))
        separate()
        JSONNumber.append(number, to: &bytes)
    }

    /// - Precondition: it is finite.
    public mutating func number(_ number: Double) {
        separate()
        JSONNumber.append(number, to: &bytes)
    }

    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .number(let value): number(value)
        case .string(let text): string(text)
        case .array(let elements): array { for element in elements { $0.value(element) } }
        case .object(let members):
            object {
                for (name, value) in members.sorted(by: { CanonicalJSON.precedes($0.key, $1.key) }) {
                    $0.name(name)
                    $0.value(value)
                }
            }
        }
    }

    private mutating func word(_ text: StaticString) {
        separate()
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func separate() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        isFirst = true
        #if DEBUG
            names.append(nil)
        #endif
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        isFirst = false
        #if DEBUG
            names.removeLast()
        #endif
    }
}

extension CanonicalJSONWriter {
    /// A member with a text, or with null where there is none.
    public mutating func member(_ name: String, _ text: String?) {
        self.name(name)
        if let text { string(text) } else { null() }
    }

    public mutating func member(_ name: String, _ number: Int64?) {
        self.name(name)
        if let number { integer(number) } else { null() }
    }

    public mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        bool(value)
    }
}
