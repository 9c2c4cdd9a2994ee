import HoopxCore
import Yams

/// Values that are written as one text.
extension ConfigurationNode {
    /// YAML's own words for truth values too.
    private enum Truth: String, CaseIterable {
        case on, off, `true`, `false`
    }

    /// The text as `on` or `off`.
    func truth() throws(HoopxError) -> Bool {
        let word = try choice(of: Truth.self)
        return word == .on || word == .true
    }

    /// The text as a whole number.
    func number(in range: ClosedRange<Int>) throws(HoopxError) -> Int {
        let text = try text()
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), range.contains(number)
        else {
            throw error(
                "expected a whole number from \(range.lowerBound) to \(range.upperBound) for \(key), not \(text)")
        }
        return number
    }

    /// The text as a size in bytes: `16MiB`, `512KiB`, `65536`.
    func size(in range: ClosedRange<Int>) throws(HoopxError) -> Int {
        let text = try text()
        let units: [(name: String, bytes: Int)] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1)]
        let unit = units.first { text.hasSuffix($0.name) } ?? ("", 1)
        let digits = text.dropLast(unit.name.count)
        guard !digits.isEmpty, digits.utf8.count <= 18, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(digits), number <= range.upperBound / unit.bytes, range.contains(number * unit.bytes)
        else {
            throw error(
                "expected a size from \(Self.sizeText(range.lowerBound)) to \(Self.sizeText(range.upperBound)) for \(key), not \(text)",
                hint: "such as 16MiB, 512KiB or 65536")
        }
        return number * unit.bytes
    }

    private static func sizeText(_ bytes: Int) -> String {
        switch bytes {
        case (1 << 30)...: "\(bytes >> 30)GiB"
        case (1 << 20)...: "\(bytes >> 20)MiB"
        case (1 << 10)...: "\(bytes >> 10)KiB"
        default: "\(bytes)"
        }
    }

    /// How many columns of the file lie before each character of a text, as far as that is certain: where a quoted text
    /// has escapes or may go on on another line, it is not.
    var columns: [Int] {
        guard case .scalar(let scalar) = node else { return [] }
        // What was folded from several lines has a space there.
        let line = scalar.string.unicodeScalars.prefix { $0 != " " && $0 != "\n" }
        switch scalar.style {
        case .plain: return Array(0..<line.count)
        case .singleQuoted:
            var column = 1
            // A quote is written twice.
            return line.map { character in
                defer { column += character == "'" ? 2 : 1 }
                return column
            }
        default: return []
        }
    }

    /// The text as the name of an environment variable. What is none is not repeated: some paste the token here.
    func variableName() throws(HoopxError) -> String {
        let text = try text()
        let isLetter: (UInt8) -> Bool = { (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) || $0 == 0x5f }
        guard let first = text.utf8.first, isLetter(first),
            text.utf8.allSatisfy({ isLetter($0) || (0x30...0x39).contains($0) })
        else { throw error("expected the name of an environment variable for \(key)") }
        return text
    }

    /// The text as a length of time: `8h`, `30m`, `90s`, `1h30m`; at least a second.
    ///
    /// - Parameter days: whether it may be given in days too: `90d`.
    func duration(days: Bool = false) throws(HoopxError) -> Duration {
        let text = try text()
        var units: [Character: Int] = ["h": 3_600, "m": 60, "s": 1]
        if days { units["d"] = 86_400 }
        var (seconds, digits, isValid) = (0, "", true)
        for character in text {
            if let unit = units[character], let number = Int(digits), digits.utf8.count <= 6 {
                seconds += number * unit
                digits = ""
            } else {
                isValid = isValid && ("0"..."9").contains(character)
                digits.append(character)
            }
        }
        guard isValid, digits.isEmpty, seconds > 0 else {
            throw error(
                "expected a length of time for \(key), not \(text)",
                hint: days ? "such as 90d or 12h" : "such as 8h, 30m or 90s")
        }
        return .seconds(seconds)
    }

    /// The text as an https URL without user, query and fragment; http is for loopback only.
    ///
    /// - Parameter allowingPlain: whether http may be for other hosts too.
    func url(allowingPlain: Bool = false) throws(HoopxError) -> String {
        let text = try text()
        // The text can hold a password in front of the host, so it is not repeated.
        guard let url = UpstreamURL(text) else {
            throw error(
                "expected an http\(allowingPlain ? "" : "s") URL of host, port and path for \(key)",
                hint: "user names, queries and fragments do not belong into it")
        }
        guard allowingPlain || url.isTLS || url.destination.host.isThisMachine else {
            throw error(
                "expected an https URL for \(key)",
                hint: "tokens would pass the network in the clear: http is for loopback only")
        }
        return text
    }
}
