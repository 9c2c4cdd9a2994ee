import HoopxCore
import HoopxJSON

extension DenialRecord {
    func write(to writer: inout CanonicalJSONWriter) {
        writer.member("code", denial.code.rawValue)
        writer.member("count", count)
        writer.member("first_at", firstAt)
        writer.member("hint", denial.hint)
        writer.member("last_at", lastAt)
        writer.member("layer", denial.layer.rawValue)
        writer.member("rule", denial.rule)
        writer.member("subject", denial.subject)
    }

    init(_ data: EventFields) throws(MalformedEvent) {
        self.init(
            denial: Denial(
                code: try data.value("code", of: ReasonCode.self),
                layer: try data.value("layer", of: Denial.Layer.self),
                rule: try data.text("rule"), subject: try data.text("subject"), hint: try data.text("hint")),
            count: try data.integer("count"), firstAt: try data.time("first_at"), lastAt: try data.time("last_at"))
    }
}

extension DecisionRecord {
    func write(to writer: inout CanonicalJSONWriter) {
        writer.member("code", code.rawValue)
        writer.member("decision", "deny")
        writer.member("hint", hint)
        writer.member("layer", layer.rawValue)
        writer.member("request", request)
        writer.member("rule", rule)
    }

    init(_ data: EventFields) throws(MalformedEvent) {
        self.init(
            request: try data.integer("request"), code: try data.value("code", of: ReasonCode.self),
            layer: try data.value("layer", of: Denial.Layer.self), rule: try data.text("rule"),
            hint: try data.text("hint"))
    }
}
