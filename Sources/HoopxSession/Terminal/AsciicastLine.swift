import HoopxCore
import HoopxLinux

/// The lines of a terminal recording in the format asciicast v2 (docs.asciinema.org/manual/asciicast/v2).
enum AsciicastLine {
    static func header(size: TerminalSize, startedAt: Timestamp, terminalType: String?) -> [UInt8] {
        var line = Array(
            "{\"version\":2,\"width\":\(size.columns),\"height\":\(size.rows),".utf8)
        line += "\"timestamp\":\(startedAt.microseconds / 1_000_000)".utf8
        if let terminalType {
            line += ",\"env\":{\"TERM\":".utf8
            quote(terminalType.utf8, into: &line)
            line += "}".utf8
        }
        return line + "}\n".utf8
    }

    /// What was written to the terminal.
    ///
    /// - Parameter microseconds: since the recording's start.
    static func output(_ text: String, at microseconds: Int64) -> [UInt8] {
        event("o", text, at: microseconds)
    }

    static func resize(_ size: TerminalSize, at microseconds: Int64) -> [UInt8] {
        event("r", "\(size.columns)x\(size.rows)", at: microseconds)
    }

    private static func event(_ code: String, _ data: String, at microseconds: Int64) -> [UInt8] {
        let fraction = String(microseconds % 1_000_000)
        let zeros = String(repeating: "0", count: 6 - fraction.utf8.count)
        var line = Array("[\(microseconds / 1_000_000).\(zeros)\(fraction),\"\(code)\",".utf8)
        quote(data.utf8, into: &line)
        line += "]\n".utf8
        return line
    }

    /// A JSON string (RFC 8259, 7).
    private static func quote(_ text: String.UTF8View, into line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): line += [UInt8(ascii: "\\"), byte]
            case 0x0a: line += "\\n".utf8
            case 0x0d: line += "\\r".utf8
            case ..<0x20:
                line += "\\u00".utf8
                Hexadecimal.append(byte, to: &line)
            default: line.append(byte)
            }
        }
        line.append(UInt8(ascii: "\""))
    }
}
