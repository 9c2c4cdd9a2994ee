import HoopxCore
import HoopxJSON

extension ExecutionRecord {
    func write(to writer: inout CanonicalJSONWriter) {
        writer.member("arguments", arguments.words)
        writer.member("executed_at", executedAt)
        writer.member("number", number)
        writer.optional("parent_pid", parentPID.map(Int64.init))
        writer.optional("path", path)
        writer.optional("pid", pid.map(Int64.init))
        writer.optional("truncated", isTruncated)
    }

    init(_ data: EventFields) throws(MalformedEvent) {
        self.init(
            number: try data.integer("number"), pid: try data.optionalNumber("pid", as: Int32.self),
            parentPID: try data.optionalNumber("parent_pid", as: Int32.self), executedAt: try data.time("executed_at"),
            path: try data.optionalText("path"), arguments: RecordedArguments(stored: try data.texts("arguments")),
            isTruncated: try data.flag("truncated"))
    }
}

extension ExecutionCounts {
    func write(to writer: inout CanonicalJSONWriter) {
        writer.name("counts")
        writer.object { writer in
            writer.member("missed", missed)
            writer.member("recorded", recorded)
            writer.member("unrecorded", unrecorded)
        }
    }

    init(_ data: EventFields) throws(MalformedEvent) {
        let counts = try data.object("counts")
        self.init(
            recorded: try counts.integer("recorded"), unrecorded: try counts.integer("unrecorded"),
            missed: try counts.integer("missed"))
    }
}
