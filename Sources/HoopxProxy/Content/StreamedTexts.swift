import HoopxMasking

/// The texts that known APIs stream piece by piece.
enum StreamedTexts {
    static let all: [StreamedField] = claude + openAI

    private static let claude: [StreamedField] = [
        StreamedField(path: ["delta", "text"], channel: ["index"], content: .text),
        StreamedField(path: ["delta", "thinking"], channel: ["index"], content: .text),
        StreamedField(path: ["delta", "partial_json"], channel: ["index"], content: .json),
    ]

    private static let openAI: [StreamedField] = []
}
