import HoopxCore
import HoopxJSON

extension LeaseRecord {
    func write(to writer: inout CanonicalJSONWriter) {
        writer.member("connection", connectionName)
        writer.optional("ended_at", endedAt)
        writer.optional("ending", ending?.rawValue)
        writer.optional("expires_at", expiresAt)
        writer.member("id", id)
        writer.member("issued_at", issuedAt)
        writer.member("number", number)
        writer.member("renewal_count", renewalCount)
        writer.member("source", source)
    }

    init(_ data: EventFields) throws(MalformedEvent) {
        self.init(
            number: try data.integer("number"), id: try data.text("id"), connectionName: try data.text("connection"),
            source: try data.text("source"), issuedAt: try data.time("issued_at"),
            expiresAt: try data.optionalTime("expires_at"), renewalCount: try data.integer("renewal_count"),
            endedAt: try data.optionalTime("ended_at"), ending: try data.optionalValue("ending", of: Ending.self))
    }
}
