import HoopxCore
import HoopxJSON

// The members of a request's outcome stand in the events of its start and of its end, among those of the request itself
// and in the order of their names, which is why they are written one by one.

extension RequestRecord {
    func write(to writer: inout CanonicalJSONWriter, _ bodies: RecordedBodies) {
        writer.optional("client_token", clientToken)
        writer.optional("connection", connectionName)
        writer.member("connection_number", connectionNumber)
        writer.member("credential", credential.rawValue)
        writer.optional("denial", denial?.rawValue)
        writer.optional("duration_us", duration)
        writer.optional("first_byte_after_us", firstByteAfter)
        writer.optional("lease", lease)
        writer.member("method", method)
        writer.optional("model", model)
        writer.member("number", number)
        writer.optional("operation", operation)
        writer.member("path", path.description)
        bodies.request?.write(to: &writer, named: "request_body")
        writer.member("request_bytes", requestBytes)
        bodies.response?.write(to: &writer, named: "response_body")
        writer.member("response_bytes", responseBytes)
        // What let it pass, where it did.
        if denial == nil, let connectionName { writer.member("rule", "connections." + connectionName) }
        writer.member("started_at", startedAt)
        writer.optional("status", status.map(Int64.init))
        writer.optional("stop_reason", stopReason)
        writer.optional("upstream_request_id", upstreamRequestID)
        usage?.write(to: &writer)
    }

    init(_ data: EventFields) throws(MalformedEvent) {
        self.init(
            number: try data.integer("number"), connectionNumber: try data.integer("connection_number"),
            connectionName: try data.optionalText("connection"), method: try data.text("method"),
            path: RecordedPath(stored: try data.text("path")), startedAt: try data.time("started_at"),
            credential: .unused)
        outcome = try RequestOutcome(data)
    }
}

extension RequestOutcome {
    func write(to writer: inout CanonicalJSONWriter, _ bodies: RecordedBodies) {
        writer.optional("client_token", clientToken)
        writer.member("credential", credential.rawValue)
        writer.optional("denial", denial?.rawValue)
        writer.optional("duration_us", duration)
        writer.optional("first_byte_after_us", firstByteAfter)
        writer.optional("lease", lease)
        writer.optional("model", model)
        writer.member("number", number)
        writer.optional("operation", operation)
        bodies.request?.write(to: &writer, named: "request_body")
        writer.member("request_bytes", requestBytes)
        bodies.response?.write(to: &writer, named: "response_body")
        writer.member("response_bytes", responseBytes)
        writer.optional("status", status)
        writer.optional("stop_reason", stopReason)
        writer.optional("upstream_request_id", upstreamRequestID)
        usage?.write(to: &writer)
    }

    init(_ data: EventFields) throws(MalformedEvent) {
        self.init(
            number: try data.integer("number"),
            credential: try data.value("credential", of: RequestRecord.CredentialUse.self),
            lease: try data.optionalText("lease"), clientToken: try data.optionalText("client_token"),
            denial: try data.optionalValue("denial", of: ReasonCode.self), status: try data.optionalInteger("status"),
            requestBytes: try data.integer("request_bytes"), responseBytes: try data.integer("response_bytes"),
            firstByteAfter: try data.optionalInteger("first_byte_after_us"),
            duration: try data.optionalInteger("duration_us"), operation: try data.optionalText("operation"),
            model: try data.optionalText("model"), upstreamRequestID: try data.optionalText("upstream_request_id"),
            stopReason: try data.optionalText("stop_reason"), usage: try TokenUsage(data.optionalObject("usage")))
    }
}

extension TokenUsage {
    fileprivate func write(to writer: inout CanonicalJSONWriter) {
        writer.name("usage")
        writer.object { writer in
            writer.member("cache_creation", cacheCreation)
            writer.member("cache_read", cacheRead)
            writer.member("input", input)
            writer.member("output", output)
        }
    }

    fileprivate init?(_ data: EventFields?) throws(MalformedEvent) {
        guard let data else { return nil }
        self.init(
            input: try data.integer("input"), output: try data.integer("output"),
            cacheCreation: try data.integer("cache_creation"), cacheRead: try data.integer("cache_read"))
    }
}

extension RecordedBody {
    func write(to writer: inout CanonicalJSONWriter, named name: String) {
        writer.name(name)
        writer.object { writer in
            writer.member("length", length)
            writer.member("sha256", sha256)
            writer.optional("truncated", truncation?.rawValue)
        }
    }

    init?(_ data: EventFields?) throws(MalformedEvent) {
        guard let data else { return nil }
        self.init(
            length: try data.integer("length"), sha256: try data.text("sha256"),
            truncation: try data.optionalValue("truncated", of: Truncation.self))
    }
}

extension RecordedBodies {
    init(_ data: EventFields) throws(MalformedEvent) {
        self.init(
            request: try RecordedBody(data.optionalObject("request_body")),
            response: try RecordedBody(data.optionalObject("response_body")))
    }
}
