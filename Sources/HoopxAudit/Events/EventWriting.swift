import Glibc
import HoopxCore
import HoopxJSON

extension AuditEvent {
    /// The event as canonical JSON (RFC 8785): the bytes of its leaf.
    public var payload: [UInt8] {
        var writer = CanonicalJSONWriter(reservingCapacity: 768)
        writer.object { writer in
            writer.name("data")
            writer.object { write(content, to: &$0) }
            writer.member("kind", kind.rawValue)
            writer.member("monotonic_us", moment.monotonic)
            writer.name("principal")
            writer.object { principal.write(to: &$0) }
            writer.member("schema", Self.schema)
            writer.member("sequence", sequence)
            writer.member("session", session.description)
            writer.member("time", moment.time)
        }
        return writer.bytes
    }

    private func write(_ content: Content, to writer: inout CanonicalJSONWriter) {
        switch content {
        case .sessionStart(let record): record.write(to: &writer)
        case .sessionEnd(let record): record.write(to: &writer)
        case .connection(let record): record.write(to: &writer)
        case .egressDenied(let record): record.write(to: &writer)
        case .request(let record, let bodies): record.write(to: &writer, bodies)
        case .response(let outcome, let bodies): outcome.write(to: &writer, bodies)
        case .toolUse(let record): record.write(to: &writer)
        case .decision(let record): record.write(to: &writer)
        case .masked(let record): record.write(to: &writer)
        case .credential(let record): record.write(to: &writer)
        case .execution(let record): record.write(to: &writer)
        case .executionCounts(let counts): counts.write(to: &writer)
        case .terminal(let record): record.write(to: &writer)
        case .error(let record): record.write(to: &writer)
        case .retention(let record): record.write(to: &writer)
        case .legalHold(let record): record.write(to: &writer)
        case .logKey(let record): record.write(to: &writer)
        }
    }
}

extension EventPrincipal {
    fileprivate func write(to writer: inout CanonicalJSONWriter) {
        writer.optional("issuer", issuer)
        writer.member("kind", kind.rawValue)
        writer.member("name", name)
        writer.member("subject", subject)
        writer.member("verified", isVerified)
    }
}

/// Members that are left out where there is nothing to say.
extension CanonicalJSONWriter {
    mutating func optional(_ name: String, _ text: String?) {
        if let text { member(name, text) }
    }

    mutating func optional(_ name: String, _ number: Int64?) {
        if let number { member(name, number) }
    }

    mutating func optional(_ name: String, _ time: Timestamp?) {
        if let time { member(name, time) }
    }

    /// False goes without saying.
    mutating func optional(_ name: String, _ value: Bool) {
        if value { member(name, true) }
    }

    mutating func member(_ name: String, _ time: Timestamp) { member(name, time.rfc3339) }

    mutating func member(_ name: String, _ texts: [String]) {
        self.name(name)
        array { for text in texts { $0.string(text) } }
    }
}
