import HoopxMasking

/// The texts that known APIs stream piece by piece.
enum StreamedTexts {
    static let all: [StreamedField] = claude + openAI

    private static let claude: [StreamedField] = [
        StreamedField(path: ["delta", "text"], channel: ["index"], content: .text),
        StreamedField(path: ["delta", "thinking"], channel: ["index"], content: .text),
        StreamedField(path: ["delta", "partial_json"], channel: ["index"], content: .json),
    ]

    /// Chat completions, which many other APIs imitate.
    private static let openAI: [StreamedField] = [
        StreamedField(path: choice + ["delta", "content"], channel: ["index"], content: .text),
        StreamedField(path: choice + ["delta", "reasoning_content"], channel: ["index"], content: .text),
        StreamedField(path: choice + ["text"], channel: ["index"], content: .text),
        StreamedField(
            path: choice + ["delta", "tool_calls", StreamedField.anyElement, "function", "arguments"],
            channel: ["index"], content: .json),
    ]

    private static let choice = ["choices", StreamedField.anyElement]
}
