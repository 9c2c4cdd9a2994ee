import HoopxCore
import HoopxJSON

extension ToolUseRecord {
    func write(to writer: inout CanonicalJSONWriter) {
        writer.member("id", id)
        writer.member("input", input)
        writer.member("name", name)
        writer.member("request", request)
        writer.optional("truncated", isTruncated)
        writer.member("used_at", usedAt)
    }

    init(_ data: EventFields) throws(MalformedEvent) {
        self.init(
            request: try data.integer("request"), id: try data.text("id"), name: try data.text("name"),
            input: try data.text("input"), isTruncated: try data.flag("truncated"), usedAt: try data.time("used_at"))
    }
}

extension MaskingRecord {
    func write(to writer: inout CanonicalJSONWriter) {
        writer.name("counts")
        writer.object { writer in
            for (entity, count) in counts.sorted(by: { CanonicalJSON.precedes($0.key, $1.key) }) {
                writer.member(entity, count)
            }
        }
        writer.member("place", place.rawValue)
        writer.optional("request", request)
    }

    init(_ data: EventFields) throws(MalformedEvent) {
        self.init(
            request: try data.optionalInteger("request"), place: try data.value("place", of: Place.self),
            counts: try data.integersByName("counts"))
    }
}
