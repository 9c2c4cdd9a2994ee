import HoopxCore
import HoopxJSON

extension ErrorRecord {
    func write(to writer: inout CanonicalJSONWriter) {
        writer.member("doing", doing)
        writer.member("found", found)
        writer.optional("hint", hint)
    }

    init(_ data: EventFields) throws(MalformedEvent) {
        self.init(
            doing: try data.text("doing"), found: try data.text("found"), hint: try data.optionalText("hint"))
    }
}

extension RetentionRecord {
    func write(to writer: inout CanonicalJSONWriter) {
        writer.member("before", before)
        writer.member("body_count", bodyCount)
        writer.member("event_count", eventCount)
        writer.member("sessions", sessions.map(\.description))
    }

    init(_ data: EventFields) throws(MalformedEvent) {
        let names = try data.texts("sessions")
        let sessions = names.compactMap { SessionID($0) }
        guard sessions.count == names.count else { throw data.malformed("sessions") }
        self.init(
            before: try data.time("before"), sessions: sessions, eventCount: try data.integer("event_count"),
            bodyCount: try data.integer("body_count"))
    }
}

extension LegalHoldRecord {
    func write(to writer: inout CanonicalJSONWriter) {
        writer.member("held", isHeld)
        writer.optional("reason", reason)
        writer.member("session", session.description)
    }

    init(_ data: EventFields) throws(MalformedEvent) {
        guard let session = SessionID(try data.text("session")) else { throw data.malformed("session") }
        self.init(session: session, isHeld: try data.flag("held"), reason: try data.optionalText("reason"))
    }
}

extension LogKeyRecord {
    func write(to writer: inout CanonicalJSONWriter) {
        writer.member("key", key)
        writer.optional("previous", previous)
    }

    init(_ data: EventFields) throws(MalformedEvent) {
        self.init(key: try data.text("key"), previous: try data.optionalText("previous"))
    }
}
