import Foundation
import NIOHTTP1

/// Which endpoint answers a request. Paths may stand behind any prefix, as behind a gateway.
struct ClaudeRoutes: Sendable {
    let credential: LoopbackClaudeAPI.Credential
    let model: LoopbackClaudeAPI.Model

    @Sendable func answer(_ request: ReceivedRequest) -> [ResponseStep] {
        if request.method == .POST, let (model, isStreaming) = Self.cloud(request.path) {
            return isAuthenticated(request)
                ? message(MessagesRequest(body: request.body, model: model, isStreaming: isStreaming))
                : error(401, "authentication_error", "invalid credential")
        }
        guard let start = request.path.range(of: "/v1/") else {
            // The CLI's own questions (settings, feature flags, telemetry): nothing that changes what it does.
            if request.path == "/api/claude_code/settings" { return error(404, "not_found_error", "no settings") }
            return .answer("{}", headers: Self.requestID)
        }
        guard isAuthenticated(request) else {
            return error(401, "authentication_error", "invalid credential")
        }
        let path = request.path[start.upperBound...].split(separator: "/").map(String.init)
        switch (request.method, path.first, path.count) {
        case (.POST, "messages", 1): return message(MessagesRequest(body: request.body))
        case (.POST, "messages", 2) where path[1] == "count_tokens": return .answer(#"{"input_tokens":12}"#)
        case (_, "messages", 2...) where path[1] == "batches": return batches(request.method, path.dropFirst(2))
        case (_, "files", _): return files(request, path.dropFirst())
        case (.GET, "models", _): return models(path.dropFirst().first)
        default: return error(404, "not_found_error", "no \(request.line) here")
        }
    }

    private func isAuthenticated(_ request: ReceivedRequest) -> Bool {
        let keys = request.headers["x-api-key"]
        let authorizations = request.headers["authorization"]
        switch credential {
        case .apiKey(let key): return keys == [key] && authorizations.isEmpty
        case .bearer(let token): return authorizations == ["Bearer \(token)"] && keys.isEmpty
        case .any: return true
        }
    }

    /// The model and the form of the answer, where the path is one of Vertex AI or (without its streams) of Bedrock.
    private static func cloud(_ path: String) -> (model: String, isStreaming: Bool)? {
        let segments = path.split(separator: "/")
        guard segments.count >= 3, let last = segments.last else { return nil }
        if segments[segments.count - 3] == "model", last == "invoke" {
            return (String(segments[segments.count - 2]), false)
        }
        let parts = last.split(separator: ":")
        guard segments[segments.count - 2] == "models", parts.count == 2 else { return nil }
        switch parts[1] {
        case "rawPredict": return (String(parts[0]), false)
        case "streamRawPredict": return (String(parts[0]), true)
        default: return nil
        }
    }

    private func message(_ question: MessagesRequest?) -> [ResponseStep] {
        guard let question else {
            return error(400, "invalid_request_error", "model, max_tokens and messages are required")
        }
        switch model(question) {
        case .error(let status, let type, let message, let retryAfter):
            return error(status, type, message, retryAfter: retryAfter)
        case .turn(let turn, let delivery):
            let id = "msg_01loopback"
            guard question.isStreaming else { return Self.whole(turn, delivery, model: question.model, id: id) }
            return EventStream(turn, delivery, model: question.model, id: id).steps(delivery, headers: Self.requestID)
        }
    }

    private static func whole(_ turn: ModelTurn, _ delivery: Delivery, model: String, id: String) -> [ResponseStep] {
        let content: [[String: Any]] = turn.blocks.map { block in
            switch block {
            case .text(let text): ["type": "text", "text": text]
            case .pieces(let pieces): ["type": "text", "text": pieces.joined()]
            case .thinking(let text): Self.thinking(text)
            case .thinkingPieces(let pieces): Self.thinking(pieces.joined())
            case .toolUse(let id, let name, let input): Self.use("tool_use", id, name, input)
            case .serverToolUse(let id, let name, let input): Self.use("server_tool_use", id, name, input)
            }
        }
        let text = jsonText([
            "id": id, "type": "message", "role": "assistant", "model": model, "content": content,
            "stop_reason": turn.stopReason, "stop_sequence": NSNull(),
            "usage": turn.usage.fields(output: turn.usage.output),
        ])
        var body = Array(text.utf8)
        var headers = requestID
        headers.add(name: "content-type", value: "application/json")
        if let coding = delivery.coding {
            headers.add(name: "content-encoding", value: coding.rawValue)
            body = coding.encoded(body)
        }
        headers.add(name: "content-length", value: String(body.count))
        guard delivery.breaksAfter == nil else {
            return [.head(.ok, headers), .bytes(Array(body.prefix(body.count / 2))), .abort]
        }
        let gate: [ResponseStep] = delivery.gate.map { [.gate($0)] } ?? []
        let pause: [ResponseStep] = delivery.pause.map { [.pause($0)] } ?? []
        return pause + gate + [.head(.ok, headers), .bytes(body), .end(nil)]
    }

    private static func thinking(_ text: String) -> [String: Any] {
        ["type": "thinking", "thinking": text, "signature": "bG9vcGJhY2s="]
    }

    private static func use(_ type: String, _ id: String, _ name: String, _ input: String) -> [String: Any] {
        let object = try? JSONSerialization.jsonObject(with: Data(input.utf8))
        return ["type": type, "id": id, "name": name, "input": object ?? [String: Any]()]
    }

    private func batches(_ method: HTTPMethod, _ path: ArraySlice<String>) -> [ResponseStep] {
        let id = path.first ?? "msgbatch_01loopback"
        if path.last == "results" {
            let result = ["custom_id": "one", "result": ["type": "errored"]] as [String: Any]
            return .answer(jsonText(result) + "\n", type: "application/x-jsonl")
        }
        let counts = ["processing": 0, "succeeded": 0, "errored": 1, "canceled": 0, "expired": 0]
        let batch: [String: Any] = [
            "id": id, "type": "message_batch", "processing_status": "ended", "request_counts": counts,
            "created_at": "2026-01-01T00:00:00Z", "expires_at": "2026-01-02T00:00:00Z",
            "ended_at": "2026-01-01T00:01:00Z", "results_url": NSNull(),
        ]
        let isList = method == .GET && path.isEmpty
        return .answer(jsonText(isList ? ["data": [batch], "has_more": false] : batch), headers: Self.requestID)
    }

    private func files(_ request: ReceivedRequest, _ path: ArraySlice<String>) -> [ResponseStep] {
        if path.last == "content", let id = path.first {
            // `file_size_N` holds N bytes.
            let size = Int(id.split(separator: "_").last ?? "") ?? 0
            let headers: HTTPHeaders = ["content-type": "application/octet-stream", "content-length": String(size)]
            return [.head(.ok, headers), .filling(size), .end(nil)]
        }
        let file: [String: Any] = [
            "id": path.first ?? "file_size_\(request.bodyByteCount)", "type": "file", "filename": "data",
            "mime_type": "application/octet-stream", "size_bytes": request.bodyByteCount,
            "created_at": "2026-01-01T00:00:00Z", "downloadable": true,
        ]
        if request.method == .DELETE { return .answer(jsonText(["id": path.first ?? "", "type": "file_deleted"])) }
        let isList = request.method == .GET && path.isEmpty
        return .answer(jsonText(isList ? ["data": [file], "has_more": false] : file), headers: Self.requestID)
    }

    private func models(_ id: String?) -> [ResponseStep] {
        let name = id ?? "claude-loopback-1"
        let model: [String: Any] = [
            "id": name, "type": "model", "display_name": "Loopback", "created_at": "2026-01-01T00:00:00Z",
        ]
        return .answer(jsonText(id == nil ? ["data": [model], "has_more": false] : model), headers: Self.requestID)
    }

    private func error(_ status: Int, _ type: String, _ message: String, retryAfter: Int? = nil) -> [ResponseStep] {
        var headers = Self.requestID
        if let retryAfter { headers.add(name: "retry-after", value: String(retryAfter)) }
        let body: [String: Any] = ["type": "error", "error": ["type": type, "message": message]]
        return .answer(jsonText(body), status: HTTPResponseStatus(statusCode: status), headers: headers)
    }

    private static let requestID: HTTPHeaders = ["request-id": "req_01loopback"]
}
