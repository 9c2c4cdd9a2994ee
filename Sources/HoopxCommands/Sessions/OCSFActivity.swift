import HoopxAudit
import HoopxCore
import HoopxJSON

/// A request as an event of OCSF's class API Activity (6003), with the profiles for AI operations and security controls.
///
/// OCSF 1.8.0: https://schema.ocsf.io/1.8.0/classes/api_activity
struct OCSFActivity {
    static let schemaVersion = "1.8.0"

    let session: SessionRecord
    let request: RequestRecord
    /// The connection that it came on, if that is recorded.
    let connection: ConnectionRecord?
    let hoopxVersion: String

    var line: String {
        let activity = activityID
        var event: [String: JSONValue] = [
            "activity_id": .integer(activity), "activity_name": .string(Self.activityNames[activity] ?? "Other"),
            "category_uid": 6, "category_name": "Application Activity", "class_uid": 6003, "class_name": "API Activity",
            "type_uid": .integer(600_300 + activity), "severity_id": 1, "severity": "Informational",
            "time": .integer(request.startedAt.microseconds / 1_000),
            "metadata": metadata, "actor": actor, "api": api, "src_endpoint": source, "http_request": httpRequest,
            "action_id": isDenied ? 2 : 1, "action": isDenied ? "Denied" : "Allowed",
            "disposition_id": isDenied ? 2 : 1, "disposition": isDenied ? "Blocked" : "Allowed",
        ]
        event["status_id"] = .integer(isFailure.map { $0 ? 2 : 1 } ?? 0)
        event["status"] = .string(isFailure.map { $0 ? "Failure" : "Success" } ?? "Unknown")
        event["status_code"] = (request.denial?.rawValue ?? request.status.map(String.init)).map(JSONValue.string)
        event["status_detail"] = request.stopReason.map(JSONValue.string)
        event["dst_endpoint"] = destination
        event["http_response"] = httpResponse
        event["ai_model"] = model
        event["message_context"] = messageContext
        return JSONValue.object(event).json
    }

    private var isDenied: Bool { request.denial != nil }

    /// nil while there is no answer.
    private var isFailure: Bool? { isDenied ? true : request.status.map { $0 >= 400 } }

    private static let activityNames: [Int64: String] = [1: "Create", 2: "Read", 3: "Update", 4: "Delete", 99: "Other"]

    private var activityID: Int64 {
        switch request.operation?.split(separator: ".").last ?? "" {
        case "create", "run": return 1
        case "list", "retrieve", "download", "results", "count_tokens", "stream": return 2
        case "update", "archive", "cancel": return 3
        case "delete": return 4
        default: break
        }
        switch request.method {
        case "POST": return 1
        case "GET", "HEAD": return 2
        case "PUT", "PATCH": return 3
        case "DELETE": return 4
        default: return 99
        }
    }

    private var metadata: JSONValue {
        [
            "version": .string(Self.schemaVersion),
            "product": ["name": "hoopx", "vendor_name": "hoopx", "version": .string(hoopxVersion)],
            "profiles": ["ai_operation", "security_control"],
            "uid": .string("\(session.id)/\(request.number)"), "correlation_uid": .string(session.id.description),
            "log_name": "sessions",
        ]
    }

    private var actor: JSONValue {
        let principal = session.principal
        var user: [String: JSONValue] = [
            "name": .string(principal.name), "uid": .string(principal.subject),
            "type_id": principal.kind == .workload ? 4 : 1, "type": principal.kind == .workload ? "Service" : "User",
        ]
        user["email_addr"] = principal.email.map(JSONValue.string)
        if !principal.groups.isEmpty { user["groups"] = .array(principal.groups.map { ["name": .string($0)] }) }
        var entry: [String: JSONValue] = [
            "uid": .string(session.id.description), "created_time": .integer(session.startedAt.microseconds / 1_000),
        ]
        entry["issuer"] = principal.issuer.map(JSONValue.string)
        var actor: [String: JSONValue] = [
            "user": .object(user), "session": .object(entry), "app_name": .string(program),
        ]
        if let connection, let pid = connection.pid {
            var process: [String: JSONValue] = ["pid": .integer(Int64(pid))]
            process["name"] = connection.command.map(JSONValue.string)
            actor["process"] = .object(process)
        }
        return .object(actor)
    }

    private var program: String {
        session.program.path.split(separator: "/").last.map(String.init) ?? session.program.path
    }

    private var api: JSONValue {
        var api: [String: JSONValue] = [
            "operation": .string(request.operation ?? "\(request.method) \(path)"),
            "request": ["uid": .string(request.upstreamRequestID ?? "\(session.id)/\(request.number)")],
        ]
        if let name = request.connectionName { api["service"] = ["name": .string(name)] }
        if let status = request.status { api["response"] = ["code": .integer(Int64(status))] }
        return .object(api)
    }

    /// The target is on this machine, and has no address of its own: what it is called says where a request came from.
    private var source: JSONValue {
        ["svc_name": .string(program), "instance_uid": .string(session.id.description)]
    }

    private var destination: JSONValue? {
        connection?.destination.hostAndPort.map { destination in
            let name = if case .name = destination.host { "hostname" } else { "ip" }
            return [name: .string(destination.host.description), "port": .integer(Int64(destination.port))]
        }
    }

    private var path: String { String(request.path.description.prefix { $0 != "?" }) }

    private var httpRequest: JSONValue {
        var url: [String: JSONValue] = ["path": .string(path)]
        if let query = request.path.description.firstIndex(of: "?") {
            url["query_string"] = .string(String(request.path.description[query...].dropFirst()))
        }
        if let destination = connection?.destination.hostAndPort {
            url["hostname"] = .string(destination.host.description)
            url["port"] = .integer(Int64(destination.port))
        }
        return [
            "http_method": .string(request.method), "url": .object(url), "body_length": .integer(request.requestBytes),
            "uid": .string("\(session.id)/\(request.number)"),
        ]
    }

    private var httpResponse: JSONValue? {
        guard let status = request.status else { return nil }
        var response: [String: JSONValue] = [
            "code": .integer(Int64(status)), "body_length": .integer(request.responseBytes),
        ]
        response["latency"] = request.duration.map { .integer($0 / 1_000) }
        return .object(response)
    }

    private var model: JSONValue? {
        request.model.map { ["ai_provider": "Anthropic", "name": .string($0)] }
    }

    private var messageContext: JSONValue? {
        guard let usage = request.usage else { return nil }
        let prompt = usage.input + usage.cacheRead + usage.cacheCreation
        return [
            "uid": .string(session.id.description), "ai_role_id": 2, "ai_role": "Assistant",
            "application": ["name": .string(program)],
            "service": ["name": .string(request.connectionName ?? "Claude API")],
            "prompt_tokens": .integer(prompt), "completion_tokens": .integer(usage.output),
            "total_tokens": .integer(prompt + usage.output),
        ]
    }
}
