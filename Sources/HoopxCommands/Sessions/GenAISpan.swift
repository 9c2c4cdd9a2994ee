import HoopxAudit
import HoopxCore
import HoopxJSON

/// A request to a model as a span, with the attribute names of OpenTelemetry's semantic conventions for generative AI.
///
/// Version 1.41.0: https://opentelemetry.io/docs/specs/semconv/gen-ai/anthropic
struct GenAISpan {
    static let schemaURL = "https://opentelemetry.io/schemas/1.41.0"

    let session: SessionRecord
    let request: RequestRecord
    let connection: ConnectionRecord?
    let toolUses: [ToolUseRecord]
    let hoopxVersion: String

    var line: String {
        let end = request.duration.map { Timestamp(microseconds: request.startedAt.microseconds + $0) }
        return JSONValue.object([
            "name": .string((["chat", request.model].compactMap(\.self)).joined(separator: " ")), "kind": "CLIENT",
            "trace_id": .string(traceID), "span_id": .string(Hexadecimal.text(of: UInt64(bitPattern: request.number))),
            "start_time": .string(request.startedAt.description), "end_time": JSONValue(end?.description),
            "status": ["code": .string(errorType == nil ? "UNSET" : "ERROR")],
            "attributes": .object(attributes),
            "resource": ["service.name": "hoopx", "service.version": .string(hoopxVersion)],
            "schema_url": .string(Self.schemaURL),
        ]).json
    }

    /// The random part of a session's name is unique among the days that the other part names: 16 characters of ASCII.
    private var traceID: String {
        Hexadecimal.text(session.id.description.utf8.filter { $0 != UInt8(ascii: "-") }.prefix(16))
    }

    private var errorType: String? {
        request.denial?.rawValue ?? request.status.flatMap { $0 >= 400 ? String($0) : nil }
    }

    private var attributes: [String: JSONValue] {
        var attributes: [String: JSONValue] = [
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": "anthropic",
            "gen_ai.conversation.id": .string(session.id.description),
            "user.id": .string(session.principal.subject),
        ]
        attributes["gen_ai.request.model"] = request.model.map(JSONValue.string)
        attributes["gen_ai.response.finish_reasons"] = request.stopReason.map { [.string($0)] }
        attributes["error.type"] = errorType.map(JSONValue.string)
        attributes["http.response.status_code"] = request.status.map { .integer(Int64($0)) }
        attributes["http.response.header.request-id"] = request.upstreamRequestID.map { [.string($0)] }
        if let destination = connection?.destination.hostAndPort {
            attributes["server.address"] = .string(destination.host.description)
            attributes["server.port"] = .integer(Int64(destination.port))
        }
        if let usage = request.usage {
            // The API counts what comes from the cache and goes to it apart; the convention wants all of it here.
            attributes["gen_ai.usage.input_tokens"] = .integer(usage.input + usage.cacheRead + usage.cacheCreation)
            attributes["gen_ai.usage.output_tokens"] = .integer(usage.output)
            attributes["gen_ai.usage.cache_read.input_tokens"] = .integer(usage.cacheRead)
            attributes["gen_ai.usage.cache_creation.input_tokens"] = .integer(usage.cacheCreation)
        }
        if !toolUses.isEmpty { attributes["gen_ai.output.messages"] = outputMessages }
        return attributes
    }

    /// The tools that the model asked for; its texts stay in the record.
    private var outputMessages: JSONValue {
        let parts = toolUses.map { use -> JSONValue in
            [
                "type": "tool_call", "id": .string(use.id), "name": .string(use.name),
                "arguments": (try? JSONValue(json: use.input.utf8)) ?? .string(use.input),
            ]
        }
        return [["role": "assistant", "parts": .array(parts), "finish_reason": "tool_call"]]
    }
}
