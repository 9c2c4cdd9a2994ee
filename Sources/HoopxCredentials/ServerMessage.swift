import HoopxCore

/// What a server says of a failure, fit to be shown: short, printable, and without what was sent to it.
struct ServerMessage {
    let text: String

    /// In characters.
    static let limit = 200
    /// A run of so many bytes of a secret is part of it, and no coincidence.
    private static let window = 12

    /// - Parameter secrets: what the server was told; any longer part of it becomes `[...]`.
    init(_ received: String, hiding secrets: [Secret]) {
        let bytes = Array(received.utf8.prefix(4 * Self.limit))
        var isHidden = [Bool](repeating: false, count: bytes.count)
        for secret in secrets {
            let parts = secret.withValue { Self.windows(of: Array($0.utf8)) }
            for start in bytes.indices.dropLast(Self.window - 1)
            where parts.contains(bytes[start..<start + Self.window]) {
                for index in start..<start + Self.window { isHidden[index] = true }
            }
        }
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if isHidden[index] {
                if index == 0 || !isHidden[index - 1] { text += "[...]" }
            } else {
                text.unicodeScalars.append((0x20...0x7e).contains(byte) ? UnicodeScalar(byte) : " ")
            }
        }
        let words = text.split(separator: " ").joined(separator: " ")
        self.text = words.utf8.count > Self.limit ? words.prefix(Self.limit) + "..." : words
    }

    private static func windows(of secret: [UInt8]) -> Set<ArraySlice<UInt8>> {
        Set(secret.indices.dropLast(window - 1).map { secret[$0..<$0 + window] })
    }
}
