/// Streams as the API sends them.
enum RecordedStreams {
    /// Thinking, a text, two uses of tools and one of a tool that the API runs.
    static let toolUse = events([
        (
            "message_start",
            #"{"type":"message_start","message":{"id":"msg_01","type":"message","role":"assistant","model":"claude-opus-4","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":12,"cache_creation_input_tokens":300,"cache_read_input_tokens":4000,"cache_creation":{"ephemeral_5m_input_tokens":300},"output_tokens":1,"service_tier":"standard"}}}"#
        ),
        (
            "content_block_start",
            #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#
        ),
        ("ping", #"{"type":"ping"}"#),
        (
            "content_block_delta",
            #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Let me \"see\"."}}"#
        ),
        (
            "content_block_delta",
            #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQBCg=="}}"#
        ),
        ("content_block_stop", #"{"type":"content_block_stop","index":0}"#),
        ("content_block_start", #"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#),
        (
            "content_block_delta",
            #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"I look\n"}}"#
        ),
        (
            "content_block_delta",
            #"{"delta":{"text":"at it: \u00e4","type":"text_delta"},"index":1,"type":"content_block_delta"}"#
        ),
        ("content_block_stop", #"{"type":"content_block_stop","index":1}"#),
        (
            "content_block_start",
            #"{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"Bash","input":{}}}"#
        ),
        (
            "content_block_delta",
            #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}"#
        ),
        (
            "content_block_delta",
            #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"comma"}}"#
        ),
        (
            "content_block_delta",
            #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"nd\": \"ls\\n\"}"}}"#
        ),
        ("content_block_stop", #"{"type":"content_block_stop","index":2}"#),
        (
            "content_block_start",
            #"{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"toolu_2","name":"Stop","input":{}}}"#
        ),
        ("content_block_stop", #"{"type":"content_block_stop","index":3}"#),
        (
            "content_block_start",
            #"{"type":"content_block_start","index":4,"content_block":{"type":"server_tool_use","id":"srvtoolu_3","name":"web_search","input":{"query":"a"}}}"#
        ),
        ("content_block_stop", #"{"type":"content_block_stop","index":4}"#),
        (
            "message_delta",
            #"{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":89,"cache_read_input_tokens":4100}}"#
        ),
        ("message_stop", #"{"type":"message_stop"}"#),
    ])

    static func events(_ events: [(String, String)], ending: String = "\n") -> String {
        events.map { "event: \($0)\(ending)data: \($1)\(ending)\(ending)" }.joined()
    }
}
