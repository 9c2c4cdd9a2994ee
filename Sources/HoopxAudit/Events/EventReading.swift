import HoopxCore
import HoopxJSON

/// Why bytes are no event that this hoopx knows.
public struct MalformedEvent: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

extension AuditEvent {
    /// Reads an event as `payload` writes it.
    ///
    /// - Throws: also for one of a later schema.
    public init(payload: some Collection<UInt8>) throws(MalformedEvent) {
        let value: JSONValue
        do { value = try JSONValue(json: payload) } catch { throw MalformedEvent("\(error)") }
        let fields = try EventFields(value, named: "the event")
        guard try fields.integer("schema") == Self.schema else { throw MalformedEvent("it is of another schema") }
        guard let session = SessionID(try fields.text("session")) else { throw fields.malformed("session") }
        self.session = session
        sequence = try fields.integer("sequence")
        moment = EventMoment(time: try fields.time("time"), monotonic: try fields.integer("monotonic_us"))
        principal = try EventPrincipal(try fields.object("principal"))
        let data = try fields.object("data")
        switch try fields.value("kind", of: EventKind.self) {
        case .sessionStart: content = .sessionStart(try SessionRecord(data, id: session))
        case .sessionEnd: content = .sessionEnd(try SessionEndRecord(data))
        case .connection: content = .connection(try ConnectionRecord(data))
        case .egressDenied: content = .egressDenied(try DenialRecord(data))
        case .request: content = .request(try RequestRecord(data), try RecordedBodies(data))
        case .response: content = .response(try RequestOutcome(data), try RecordedBodies(data))
        case .toolUse: content = .toolUse(try ToolUseRecord(data))
        case .decision: content = .decision(try DecisionRecord(data))
        case .masked: content = .masked(try MaskingRecord(data))
        case .credentialIssued, .credentialRefreshed, .credentialRevoked:
            content = .credential(try LeaseRecord(data))
        case .execution:
            if data.has("counts") {
                content = .executionCounts(try ExecutionCounts(data))
            } else {
                content = .execution(try ExecutionRecord(data))
            }
        case .terminal: content = .terminal(try TerminalRecord(data))
        case .error: content = .error(try ErrorRecord(data))
        case .retention: content = .retention(try RetentionRecord(data))
        case .legalHold: content = .legalHold(try LegalHoldRecord(data))
        case .logKey: content = .logKey(try LogKeyRecord(data))
        }
        guard try fields.value("kind", of: EventKind.self) == kind else { throw fields.malformed("kind") }
    }
}

extension EventPrincipal {
    fileprivate init(_ fields: EventFields) throws(MalformedEvent) {
        self.init(
            kind: try fields.value("kind", of: Principal.Kind.self), name: try fields.text("name"),
            subject: try fields.text("subject"), issuer: try fields.optionalText("issuer"),
            isVerified: try fields.flag("verified"))
    }
}

/// The members of an object of an event.
struct EventFields {
    private let members: [String: JSONValue]
    private let name: String

    init(_ value: JSONValue?, named name: String) throws(MalformedEvent) {
        guard case .object(let members)? = value else { throw MalformedEvent("\(name) is not an object") }
        self.members = members
        self.name = name
    }

    func has(_ name: String) -> Bool { members[name] != nil }

    func malformed(_ name: String) -> MalformedEvent { MalformedEvent("\(self.name)'s \(name) cannot be read") }

    func object(_ name: String) throws(MalformedEvent) -> EventFields { try EventFields(members[name], named: name) }

    func optionalObject(_ name: String) throws(MalformedEvent) -> EventFields? {
        has(name) ? try object(name) : nil
    }

    func text(_ name: String) throws(MalformedEvent) -> String {
        guard case .string(let text)? = members[name] else { throw malformed(name) }
        return text
    }

    func optionalText(_ name: String) throws(MalformedEvent) -> String? { has(name) ? try text(name) : nil }

    func integer(_ name: String) throws(MalformedEvent) -> Int64 {
        guard case .number(let number)? = members[name], abs(number) <= JSONValue.exactLimit,
            let integer = Int64(exactly: number)
        else { throw malformed(name) }
        return integer
    }

    func optionalInteger(_ name: String) throws(MalformedEvent) -> Int64? { has(name) ? try integer(name) : nil }

    func number<Number: FixedWidthInteger>(_ name: String, as: Number.Type) throws(MalformedEvent) -> Number {
        guard let number = Number(exactly: try integer(name)) else { throw malformed(name) }
        return number
    }

    func optionalNumber<Number: FixedWidthInteger>(
        _ name: String, as type: Number.Type
    ) throws(MalformedEvent) -> Number? {
        has(name) ? try number(name, as: type) : nil
    }

    /// False where it is not there.
    func flag(_ name: String) throws(MalformedEvent) -> Bool {
        switch members[name] {
        case nil: false
        case .bool(let value)?: value
        default: throw malformed(name)
        }
    }

    func time(_ name: String) throws(MalformedEvent) -> Timestamp {
        guard let time = Timestamp(rfc3339: try text(name)) else { throw malformed(name) }
        return time
    }

    func optionalTime(_ name: String) throws(MalformedEvent) -> Timestamp? { has(name) ? try time(name) : nil }

    func value<Value: RawRepresentable<String>>(
        _ name: String, of: Value.Type
    ) throws(MalformedEvent) -> Value {
        guard let value = Value(rawValue: try text(name)) else { throw malformed(name) }
        return value
    }

    func optionalValue<Value: RawRepresentable<String>>(
        _ name: String, of type: Value.Type
    ) throws(MalformedEvent) -> Value? {
        has(name) ? try value(name, of: type) : nil
    }

    func texts(_ name: String) throws(MalformedEvent) -> [String] {
        guard case .array(let elements)? = members[name] else { throw malformed(name) }
        let texts = elements.compactMap(\.string)
        guard texts.count == elements.count else { throw malformed(name) }
        return texts
    }

    func textsByName(_ name: String) throws(MalformedEvent) -> [String: String] {
        guard case .object(let members)? = members[name] else { throw malformed(name) }
        let texts = members.compactMapValues(\.string)
        guard texts.count == members.count else { throw malformed(name) }
        return texts
    }

    func integersByName(_ name: String) throws(MalformedEvent) -> [String: Int64] {
        let fields = try object(name)
        var integers: [String: Int64] = [:]
        for key in fields.members.keys { integers[key] = try fields.integer(key) }
        return integers
    }
}
