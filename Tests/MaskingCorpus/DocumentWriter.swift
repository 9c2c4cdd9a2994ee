import HoopxMasking

/// Writes documents: some values and near misses in frames of the kind, and between them what they could be mistaken for.
enum DocumentWriter {
    static func write(_ document: inout LabelledDocument, _ random: inout SeededRandom) {
        document.append(opening(document.kind, &random))
        for item in 0..<random.number(2...6) {
            if item > 0 { document.append(separator(document.kind)) }
            if random.chance(50) { document.append(distraction(document.kind, &random) + separator(document.kind)) }
            plant(random.pick(PlantedValue.all), isValue: random.chance(60), in: &document, &random)
        }
        document.append(closing(document.kind))
    }

    private static func plant(
        _ value: PlantedValue, isValue: Bool, in document: inout LabelledDocument, _ random: inout SeededRandom
    ) {
        let valid = value.valid(&random)
        let text = isValue ? valid.text : value.nearMiss(&random)
        let (before, after) = frame(value, document.kind, &random)
        document.append(before)
        document.append(text, value.entity, isPlain: valid.isPlain, isValue: isValue)
        document.append(after)
    }

    /// What stands before and behind a value.
    private static func frame(
        _ value: PlantedValue, _ kind: LabelledDocument.Kind, _ random: inout SeededRandom
    ) -> (String, String) {
        let key = random.pick(value.keys)
        let quote = kind == .toolInput || kind == .delta ? "\\\"" : "\""
        if let own = ownFrame(
            value.entity, kind, key, quote, lineEnd: kind == .toolInput || kind == .delta ? "\\n" : "\n", &random)
        {
            return kind == .toolInput ? ("\"note\": \"" + own.0, own.1 + "\"") : own
        }
        let phrase = random.pick(value.phrases)
        switch kind {
        case .chat, .email, .delta, .sentence:
            return random.pick([
                ("My \(phrase) is ", ". Can you help?"), ("\(phrase): ", ""), ("Hier ist \(phrase): ", ", danke."),
                ("Voici \(phrase) : ", " merci"), ("please update \(phrase) to ", ", thanks"), ("(\(phrase) ", ")"),
            ])
        case .toolInput: return ("\"\(key)\": \"", "\"")
        case .sourceCode:
            return random.pick([
                ("let \(key) = \"", "\""), ("\(key) = '", "'  # test data"), ("  \"\(key)\": \"", "\","),
            ])
        case .log: return ("\(key)=", " status=200")
        case .csv: return ("\(key),", ",1")
        case .sql: return ("UPDATE t SET \(key) = '", "' WHERE id = 7;")
        case .yaml: return ("\(key): ", "")
        }
    }

    /// Values that live in a frame of their own.
    private static func ownFrame(
        _ entity: EntityType, _ kind: LabelledDocument.Kind, _ key: String, _ quote: String, lineEnd: String,
        _ random: inout SeededRandom
    ) -> (String, String)? {
        switch entity {
        case .connectionString:
            random.pick([
                ("postgres://app:", "@db.example.internal:5432/app"),
                ("mongodb+srv://root:", "@cluster0.example.net/x"),
                ("redis://:", "@cache:6379/0"), ("Server=tcp:db;User Id=sa;Password=", ";Encrypt=yes"),
            ])
        case .authorization: random.pick([("Authorization: Bearer ", ""), ("curl -H 'authorization: Bearer ", "' x")])
        case .azureKey: ("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=", ";EndpointSuffix=core.windows.net")
        case .privateKey: ("-----BEGIN RSA PRIVATE " + "KEY-----" + lineEnd, "-----END RSA PRIVATE " + "KEY-----")
        case .genericSecret, .awsSecretKey: kind == .csv || random.chance(30) ? ("\(key) = \(quote)", quote) : nil
        default: nil
        }
    }

    private static func opening(_ kind: LabelledDocument.Kind, _ random: inout SeededRandom) -> String {
        switch kind {
        case .chat: random.pick(["Hello! ", "Hallo, ", "Bonjour, ", "Hola: ", "Ciao, ", "Ol\u{e1}, "])
        case .toolInput: "{\"id\":\"toolu_\(random.alphanumeric(24))\",\"name\":\"update\",\"input\":{"
        case .sourceCode: "import os\n\ndef handler(event):\n"
        case .log, .yaml, .sql, .sentence: ""
        case .csv: "name,value,count\n"
        case .email: "Subject: your order\nDate: Thu, 26 Nov 2026 19:10:00 +0000\n\n"
        case .delta: "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\""
        }
    }

    private static func closing(_ kind: LabelledDocument.Kind) -> String {
        switch kind {
        case .toolInput: "}}"
        case .delta: "\"}}"
        default: "\n"
        }
    }

    private static func separator(_ kind: LabelledDocument.Kind) -> String {
        switch kind {
        case .chat: " "
        case .toolInput: ", "
        case .delta: "\\n"
        default: "\n"
        }
    }

    /// What such documents are full of, and what is no finding.
    private static func distraction(_ kind: LabelledDocument.Kind, _ random: inout SeededRandom) -> String {
        let uuid = "\(random.hex(8))-\(random.hex(4))-4\(random.hex(3))-a\(random.hex(3))-\(random.hex(12))"
        let text = random.pick([
            "request \(uuid)", "commit \(random.hex(40))",
            "at 2026-11-\(random.number(10...28))T19:\(random.number(10...59)):07.\(random.digits(6))Z",
            "v\(random.number(1...9)).\(random.number(0...40)).\(random.number(0...9))",
            "total $\(random.number(1...99_999)).\(random.digits(2))",
            "listening on port \(random.number(1024...65_535))",
            "00000010: " + (0..<8).map { _ in random.hex(4) }.joined(separator: " "),
            "epoch 1\(random.digits(9)), \(random.digits(3)) ms", "sha256:\(random.hex(64))",
            "file /usr/lib/x86_64-linux-gnu/lib\(random.text(5, of: "abcdefg")).so.1",
            "see https://docs.example.org/a/\(random.hex(8))?page=\(random.number(1...99))",
            "order #\(random.number(10_000...999_999))",
            "The quick brown fox jumps over the lazy dog \(random.number(2...99)) times",
            "usage 12.5% of \(random.number(1...512)) GiB",
            "max_tokens 4096, input_tokens \(random.number(1...200_000))",
        ])
        return kind == .toolInput ? "\"note\": \"\(text)\"" : text
    }
}
