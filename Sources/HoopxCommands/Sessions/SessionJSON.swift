import HoopxAudit
import HoopxJSON

/// Sessions as JSON for programs: snake_case keys in the order of the alphabet, times in RFC 3339 UTC, durations in
/// microseconds, sizes in bytes. A key whose value is not known is null, never absent.
enum SessionJSON {
    /// A session without its contents, on one line.
    static func line(_ summary: SessionSummary) -> String {
        JSONValue.object(session(summary)).json
    }

    /// A session with its contents, over several lines.
    static func document(_ details: SessionDetails) -> String {
        var object = session(details.summary)
        object["connections"] = .array(details.connections.map(connection))
        object["leases"] = .array(details.leases.map(lease))
        object["requests"] = .array(details.requests.map(request))
        object["tool_uses"] = .array(details.toolUses.map(toolUse))
        object["maskings"] = .array(details.maskings.map(masking))
        object["denials"] = .array(details.denials.map(denial))
        object["advisory_executions"] = details.executionCounts.map { executions(details.executions, $0) } ?? .null
        return JSONValue.object(object).page
    }

    private static func session(_ summary: SessionSummary) -> [String: JSONValue] {
        let record = summary.record
        return [
            "session": .string(record.id.description),
            "principal": PrincipalJSON.value(record.principal),
            "arguments": .array(record.arguments.words.map(JSONValue.string)),
            "working_directory": .string(record.workingDirectory),
            "program": .object([
                "path": .string(record.program.path), "sha256": JSONValue(record.program.sha256),
            ]),
            "started_at": .string(record.startedAt.description),
            "ended_at": JSONValue(record.endedAt?.description),
            "state": .string(record.state.rawValue),
            "ending": ending(record.ending),
            "datagram_tier": JSONValue(record.datagramTier),
            "weakenings": .array(record.weakenings.map { .string($0) }),
            "connection_count": .integer(summary.connectionCount),
            "request_count": .integer(summary.requestCount),
            "denial_count": .integer(summary.denialCount),
        ]
    }

    private static func ending(_ ending: SessionEnding?) -> JSONValue {
        switch ending {
        case nil: .null
        case .exited(let status): .object(["kind": .string("exited"), "status": .integer(Int64(status))])
        case .killed(let signal): .object(["kind": .string("killed"), "signal": .integer(Int64(signal))])
        case .terminated(let signal): .object(["kind": .string("terminated"), "signal": .integer(Int64(signal))])
        case .failed: .object(["kind": .string("failed")])
        case .interrupted: .object(["kind": .string("interrupted")])
        }
    }

    private static func connection(_ record: ConnectionRecord) -> JSONValue {
        var object: [String: JSONValue] = [
            "number": .integer(record.number),
            "destination": .string(record.destination.description),
            "pid": JSONValue(record.pid.map(Int64.init)),
            "command": JSONValue(record.command),
            "opened_at": .string(record.openedAt.description),
            "bytes_sent": .integer(record.bytesSent),
            "bytes_received": .integer(record.bytesReceived),
            "duration_us": JSONValue(record.duration),
            "count": .integer(record.count),
            "connection": .null, "rule": .null, "code": .null,
        ]
        switch record.verdict {
        case .connection(let name):
            object["verdict"] = .string("connection")
            object["connection"] = .string(name)
        case .tunnel(let rule):
            object["verdict"] = .string("tunnel")
            object["rule"] = .string(rule)
        case .direct(let rule):
            // Nobody counts what goes past hoopx.
            (object["bytes_sent"], object["bytes_received"]) = (.null, .null)
            object["verdict"] = .string("direct")
            object["rule"] = .string(rule)
        case .denied(let code):
            object["verdict"] = .string("denied")
            object["code"] = .string(code.rawValue)
        }
        return .object(object)
    }

    private static func request(_ record: RequestRecord) -> JSONValue {
        .object([
            "number": .integer(record.number),
            "connection_number": .integer(record.connectionNumber),
            "connection": JSONValue(record.connectionName),
            "method": .string(record.method),
            "path": .string(record.path.description),
            "started_at": .string(record.startedAt.description),
            "credential": .string(record.credential.rawValue),
            "lease": JSONValue(record.lease),
            "client_token": JSONValue(record.clientToken),
            "denial": JSONValue(record.denial?.rawValue),
            "status": JSONValue(record.status.map(Int64.init)),
            "request_bytes": .integer(record.requestBytes),
            "response_bytes": .integer(record.responseBytes),
            "first_byte_us": JSONValue(record.firstByteAfter),
            "duration_us": JSONValue(record.duration),
            "operation": JSONValue(record.operation),
            "model": JSONValue(record.model),
            "stop_reason": JSONValue(record.stopReason),
            "upstream_request_id": JSONValue(record.upstreamRequestID),
            "usage": record.usage.map(usage) ?? .null,
        ])
    }

    private static func usage(_ usage: TokenUsage) -> JSONValue {
        .object([
            "input_tokens": .integer(usage.input),
            "output_tokens": .integer(usage.output),
            "cache_creation_input_tokens": .integer(usage.cacheCreation),
            "cache_read_input_tokens": .integer(usage.cacheRead),
        ])
    }

    private static func toolUse(_ record: ToolUseRecord) -> JSONValue {
        .object([
            "request": .integer(record.request),
            "id": .string(record.id),
            "name": .string(record.name),
            "input": .string(record.input),
            "truncated": .bool(record.isTruncated),
            "used_at": .string(record.usedAt.description),
        ])
    }

    private static func masking(_ record: MaskingRecord) -> JSONValue {
        .object([
            "request": JSONValue(record.request),
            "place": .string(record.place.rawValue),
            "counts": .object(record.counts.mapValues(JSONValue.integer)),
        ])
    }

    private static func lease(_ record: LeaseRecord) -> JSONValue {
        .object([
            "number": .integer(record.number),
            "id": .string(record.id),
            "connection": .string(record.connectionName),
            "source": .string(record.source),
            "issued_at": .string(record.issuedAt.description),
            "expires_at": JSONValue(record.expiresAt?.description),
            "renewal_count": .integer(record.renewalCount),
            "ended_at": JSONValue(record.endedAt?.description),
            "ending": JSONValue(record.ending?.rawValue),
        ])
    }

    private static func denial(_ record: DenialRecord) -> JSONValue {
        .object([
            "count": .integer(record.count),
            "code": .string(record.denial.code.rawValue),
            "layer": .string(record.denial.layer.rawValue),
            "rule": .string(record.denial.rule),
            "subject": .string(record.denial.subject),
            "hint": .string(record.denial.hint),
            "first_at": .string(record.firstAt.description),
            "last_at": .string(record.lastAt.description),
        ])
    }

    private static func executions(_ records: [ExecutionRecord], _ counts: ExecutionCounts) -> JSONValue {
        .object([
            "recorded": .array(records.map(execution)),
            "unrecorded_count": .integer(counts.unrecorded),
            "missed_count": .integer(counts.missed),
        ])
    }

    private static func execution(_ record: ExecutionRecord) -> JSONValue {
        .object([
            "number": .integer(record.number),
            "pid": JSONValue(record.pid.map(Int64.init)),
            "parent_pid": JSONValue(record.parentPID.map(Int64.init)),
            "executed_at": .string(record.executedAt.description),
            "path": JSONValue(record.path),
            "arguments": .array(record.arguments.words.map(JSONValue.string)),
            "truncated": .bool(record.isTruncated),
        ])
    }
}
