import HoopxCore
import HoopxJSON

extension TerminalRecord {
    func write(to writer: inout CanonicalJSONWriter) {
        body.write(to: &writer, named: "body")
        writer.member("columns", columns)
        writer.member("duration_us", duration)
        writer.member("rows", rows)
    }

    init(_ data: EventFields) throws(MalformedEvent) {
        guard let body = try RecordedBody(data.object("body")) else { throw data.malformed("body") }
        self.init(
            columns: try data.integer("columns"), rows: try data.integer("rows"),
            duration: try data.integer("duration_us"), body: body)
    }
}
