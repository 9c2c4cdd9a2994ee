import HoopxCore
import HoopxJSON

extension ConnectionRecord {
    func write(to writer: inout CanonicalJSONWriter) {
        writer.member("bytes_received", bytesReceived)
        writer.member("bytes_sent", bytesSent)
        writer.optional("command", command)
        // One goes without saying.
        writer.optional("count", count == 1 ? nil : count)
        writer.optional("duration_us", duration)
        writer.optional("host", destination.hostAndPort?.host.description)
        writer.member("number", number)
        writer.member("opened_at", openedAt)
        if case .unixSocket(let path) = destination { writer.member("path", path) }
        writer.optional("pid", pid.map(Int64.init))
        writer.optional("port", (destination.hostAndPort?.port).map(Int64.init))
        let (verdict, rule) = verdict.texts
        writer.member("rule", rule)
        writer.member("verdict", verdict)
    }

    init(_ data: EventFields) throws(MalformedEvent) {
        guard let verdict = Verdict(try data.text("verdict"), rule: try data.text("rule")) else {
            throw data.malformed("verdict")
        }
        self.init(
            number: try data.integer("number"), destination: try Endpoint(data),
            pid: try data.optionalNumber("pid", as: Int32.self), command: try data.optionalText("command"),
            openedAt: try data.time("opened_at"), verdict: verdict, bytesSent: try data.integer("bytes_sent"),
            bytesReceived: try data.integer("bytes_received"), duration: try data.optionalInteger("duration_us"),
            count: try data.optionalInteger("count") ?? 1)
    }
}

extension ConnectionRecord.Endpoint {
    fileprivate init(_ data: EventFields) throws(MalformedEvent) {
        if let path = try data.optionalText("path") {
            self = .unixSocket(path: path)
        } else {
            guard let host = Destination.Host(try data.text("host")) else { throw data.malformed("host") }
            self = .host(Destination(host: host, port: try data.number("port", as: UInt16.self)))
        }
    }
}

extension ConnectionRecord.Verdict {
    var texts: (verdict: String, rule: String) {
        switch self {
        case .connection(let name): ("connection", name)
        case .tunnel(let rule): ("tunnel", rule)
        case .direct(let rule): ("direct", rule)
        case .denied(let code): ("denied", code.rawValue)
        }
    }

    init?(_ verdict: String, rule: String) {
        switch (verdict, ReasonCode(rawValue: rule)) {
        case ("connection", _): self = .connection(name: rule)
        case ("tunnel", _): self = .tunnel(rule: rule)
        case ("direct", _): self = .direct(rule: rule)
        case ("denied", let code?): self = .denied(code)
        default: return nil
        }
    }
}
