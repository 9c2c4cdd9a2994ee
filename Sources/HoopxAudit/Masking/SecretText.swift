/// A text whose secrets are hidden: an argument, which may be a whole script.
///
/// It is no parser of the shell's language, so that it hides too much rather than too little where quotes are involved.
struct SecretText {
    /// What stands in a secret's place.
    static let mask = Array("***".utf8)

    private let bytes: [UInt8]
    private let isScript: Bool
    private var position = 0
    private var output: [UInt8] = []
    /// A `curl` came by, whose `-u` takes a password.
    private var hasSeenCurl = false

    /// - Parameter isScript: it consists of several words. Otherwise the value of a name that begins it is all the rest.
    static func masked(_ bytes: [UInt8], isScript: Bool = false) -> [UInt8] {
        var text = SecretText(bytes, isScript: isScript)
        text.run()
        return text.output
    }

    private init(_ bytes: [UInt8], isScript: Bool) {
        self.bytes = bytes
        self.isScript = isScript
        output.reserveCapacity(bytes.count)
    }

    private mutating func run() {
        while position < bytes.count {
            let name = nameThatBegins()
            if let name, bytes[name].elementsEqual("curl".utf8) { hasSeenCurl = true }
            if let hidden = SecretShape.hidden(in: bytes, at: position) ?? userInformation() ?? value(of: name) {
                output += bytes[position..<hidden.lowerBound]
                if !hidden.isEmpty { output += Self.mask }
                position = hidden.upperBound
            } else {
                output.append(bytes[position])
                position += 1
            }
        }
    }

    // MARK: URLs

    /// What stands before the `@` of a URL that begins its `://` here: `user:password`, or a token alone over HTTP.
    private func userInformation() -> Range<Int>? {
        guard bytes[position] == UInt8(ascii: ":"), bytes[position...].starts(with: "://".utf8) else { return nil }
        let start = position + 3
        let end = bytes[start...].firstIndex { Self.isBlankOrQuote($0) || "/?#".utf8.contains($0) } ?? bytes.count
        guard let at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")) else { return nil }
        let isHTTP = output.suffix(4).elementsEqual("http".utf8) || output.suffix(5).elementsEqual("https".utf8)
        return isHTTP || bytes[start..<at].contains(UInt8(ascii: ":")) ? start..<at : nil
    }

    // MARK: Names with values

    /// What begins here and could be the name of an option, a variable or a header.
    private func nameThatBegins() -> Range<Int>? {
        guard SecretName.isByte(bytes[position]), position == 0 || !SecretName.isByte(bytes[position - 1]) else {
            return nil
        }
        return position..<(bytes[position...].firstIndex { !SecretName.isByte($0) } ?? bytes.count)
    }

    /// The value that belongs to a name, where that is a secret.
    private func value(of range: Range<Int>?) -> Range<Int>? {
        guard let range, range.upperBound < bytes.count else { return nil }
        let name = bytes[range]
        if SecretName.isSecret(name) {
            guard let (separator, start) = separator(after: range.upperBound) else { return optionValue(of: name) }
            if range.lowerBound == 0, !isScript { return start..<bytes.count }
            if separator == UInt8(ascii: ":"), SecretName.isWholeLine(name) { return line(from: start) }
            return credentials(from: start)
        }
        guard hasSeenCurl, SecretName.isCurlUser(name), let word = optionValue(of: name) else { return nil }
        return bytes[word].contains(UInt8(ascii: ":")) ? word : nil
    }

    /// The word behind an option, where it is no further option.
    private func optionValue(of name: ArraySlice<UInt8>) -> Range<Int>? {
        guard name.first == UInt8(ascii: "-"), Self.isBlank(bytes[name.endIndex]) else { return nil }
        let word = word(from: skipBlanks(from: name.endIndex))
        return word.isEmpty || bytes[word.lowerBound] == UInt8(ascii: "-") ? nil : word
    }

    /// A word, and the next where the first is only the scheme: `Bearer abc`.
    private func credentials(from start: Int) -> Range<Int> {
        let first = word(from: start)
        let isScheme = ["Bearer", "Basic", "Token", "bearer", "basic", "token"].contains {
            bytes[first].elementsEqual($0.utf8)
        }
        return isScheme ? start..<word(from: skipBlanks(from: first.upperBound)).upperBound : first
    }

    /// The `=` or `:` behind a name, and where the value begins: behind the name's quote (JSON) and the value's.
    private func separator(after name: Int) -> (UInt8, start: Int)? {
        var index = name
        while index < bytes.count, Self.isQuote(bytes[index]) { index += 1 }
        let afterBlanks = skipBlanks(from: index)
        // Blanks before it only where it is an assignment: "the token : that" is prose.
        if afterBlanks < bytes.count, bytes[afterBlanks] == UInt8(ascii: "=") { index = afterBlanks }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "=") || bytes[index] == UInt8(ascii: ":"),
            !bytes[index...].starts(with: "://".utf8)
        else { return nil }
        let separator = bytes[index]
        index += 1
        if index < bytes.count, separator == UInt8(ascii: ":"), bytes[index] == UInt8(ascii: "=") { index += 1 }
        if separator == UInt8(ascii: ":") || afterBlanks > name { index = skipBlanks(from: index) }
        return (separator, index)
    }

    /// A word: up to a blank or the end of a command, quoted parts included.
    private func word(from start: Int) -> Range<Int> {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if Self.isBlank(byte) || ";&|".utf8.contains(byte) { break }
            if Self.isQuote(byte) {
                // A quote that stands at the word's end closes what began before the word.
                let opens = index == start || !endsWord(index + 1)
                guard opens else { break }
                index = closing(of: index) + 1
                if endsWord(index) { break }
            } else {
                index += 1
            }
        }
        return start..<min(index, bytes.count)
    }

    /// The rest of a header: up to the quote around it or the end of the line.
    private func line(from start: Int) -> Range<Int> {
        let isQuoted = start < bytes.count && Self.isQuote(bytes[start])
        if isQuoted { return word(from: start) }
        let end = bytes[start...].firstIndex {
            $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") || Self.isQuote($0)
        }
        return start..<(end ?? bytes.count)
    }

    private func endsWord(_ index: Int) -> Bool {
        index >= bytes.count || Self.isBlank(bytes[index]) || Self.isQuote(bytes[index])
            || ";&|)},]".utf8.contains(bytes[index])
    }

    /// The quote that closes the one at a place; the end of the text where none does.
    private func closing(of quote: Int) -> Int {
        var opening = quote
        // \" inside of another quote
        while opening + 1 < bytes.count, bytes[opening] == UInt8(ascii: "\\") { opening += 1 }
        let mark = bytes[opening]
        return bytes[min(opening + 1, bytes.count)...].firstIndex(of: mark) ?? bytes.count
    }

    private func skipBlanks(from start: Int) -> Int {
        bytes[start...].firstIndex { !Self.isBlank($0) } ?? bytes.count
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\")
    }

    private static func isBlankOrQuote(_ byte: UInt8) -> Bool { isBlank(byte) || isQuote(byte) }
}
