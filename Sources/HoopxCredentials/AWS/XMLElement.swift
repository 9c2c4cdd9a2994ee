/// An element of an XML document: as much of XML as AWS's query protocol answers with, and no more.
///
/// A document type, a comment, a CDATA section, a processing instruction or an entity of its own has no place there, and
/// is refused: none of what makes XML dangerous to read is read. Attributes are skipped.
struct XMLElement: Equatable {
    let name: String
    private(set) var text = ""
    private(set) var children: [XMLElement] = []

    private static let maximumDepth = 16

    init?(document: [UInt8]) {
        guard let text = String(validating: document, as: UTF8.self) else { return nil }
        var reader = Reader(rest: text[...])
        reader.skipDeclaration()
        guard let root = reader.element(depth: 0) else { return nil }
        reader.skipBlanks()
        guard reader.rest.isEmpty else { return nil }
        self = root
    }

    private init(name: String) { self.name = name }

    /// The only child of this name; nil where there is none or another one.
    func child(_ name: String) -> XMLElement? {
        let found = children.filter { $0.name == name }
        return found.count == 1 ? found[0] : nil
    }

    private struct Reader {
        var rest: Substring

        mutating func skipBlanks() { rest = rest.drop { $0.isXMLBlank } }

        mutating func take(_ text: String) -> Bool {
            guard rest.hasPrefix(text) else { return false }
            rest = rest.dropFirst(text.count)
            return true
        }

        mutating func skipDeclaration() {
            if rest.hasPrefix("<?xml "), let end = rest.firstRange(of: "?>") { rest = rest[end.upperBound...] }
            skipBlanks()
        }

        mutating func element(depth: Int) -> XMLElement? {
            guard depth < maximumDepth, take("<"), let name = self.name() else { return nil }
            var element = XMLElement(name: name)
            guard skipAttributes() else { return nil }
            if take("/>") { return element }
            guard take(">") else { return nil }
            while !rest.isEmpty {
                if take("</") {
                    guard self.name() == name else { return nil }
                    skipBlanks()
                    return take(">") ? element : nil
                }
                if rest.hasPrefix("<") {
                    guard let child = self.element(depth: depth + 1) else { return nil }
                    element.children.append(child)
                } else {
                    guard let text = self.text() else { return nil }
                    element.text += text
                }
            }
            return nil
        }

        private mutating func name() -> String? {
            let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.:".contains($0)) }
            rest = rest[name.endIndex...]
            return name.isEmpty ? nil : String(name)
        }

        private mutating func skipAttributes() -> Bool {
            while let first = rest.first, first.isXMLBlank {
                skipBlanks()
                if rest.hasPrefix(">") || rest.hasPrefix("/") { return true }
                guard name() != nil, take("="), let quote = rest.first, quote == "\"" || quote == "'" else {
                    return false
                }
                rest = rest.dropFirst()
                guard let end = rest.firstIndex(of: quote), !rest[..<end].contains("<") else { return false }
                rest = rest[end...].dropFirst()
            }
            return true
        }

        private mutating func text() -> String? {
            let raw = rest.prefix { $0 != "<" }
            rest = rest[raw.endIndex...]
            var parts = raw.split(separator: "&", omittingEmptySubsequences: false)[...]
            var text = String(parts.removeFirst())
            for part in parts {
                guard let end = part.firstIndex(of: ";"), let character = Self.reference(part[..<end]) else {
                    return nil
                }
                text += character + part[part.index(after: end)...]
            }
            return text
        }

        private static func reference(_ name: Substring) -> String? {
            switch name {
            case "amp": return "&"
            case "lt": return "<"
            case "gt": return ">"
            case "quot": return "\""
            case "apos": return "'"
            default:
                let code =
                    name.hasPrefix("#x")
                    ? UInt32(name.dropFirst(2), radix: 16)
                    : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
                return code.flatMap { UnicodeScalar($0) }.map { String($0) }
            }
        }
    }
}

extension Character {
    /// A line end of two characters is one `Character`.
    fileprivate var isXMLBlank: Bool { self == " " || self == "\t" || self == "\n" || self == "\r" || self == "\r\n" }
}
