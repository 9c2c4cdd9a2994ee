import Glibc
import HoopxCore

/// The terminal contract of hoopx.
///
/// Standard output belongs to the command that runs under supervision, or to the answer that a verb was asked for.
/// What hoopx itself has to say goes to standard error, a line a fact, each line beginning with `hoopx: `: `error:`,
/// `denied:` and `hint:` mark what it is. Texts are lower case and end without a full stop. Nothing is written while a
/// supervised command runs. Text that came from outside (a name, a path, an argument) loses its control characters, so
/// that it cannot move the cursor or pretend to be another line.
enum Console {
    static func error(_ error: HoopxError) {
        say("error: \(error.description)")
        if let hint = error.hint { say("hint: \(hint)") }
    }

    static func say(_ text: String) {
        write("hoopx: \(printable(text))\n", to: STDERR_FILENO)
    }

    static func print(_ line: String) {
        write(line + "\n", to: STDOUT_FILENO)
    }

    /// Shows JSON: elsewhere byte for byte, on a terminal as `inert(json:)` has it.
    static func print(json: String) { print(width == nil ? json : inert(json: json)) }

    /// JSON with an escape for every character that a terminal could act on. Its values are the same.
    static func inert(json: String) -> String {
        json.unicodeScalars.map { scalar in
            // A line feed stands between values only: within a text it is an escape already.
            guard scalar != "\n", !isHarmless(scalar) else { return String(scalar) }
            return String(scalar).utf16.map { "\\u" + Hexadecimal.text(of: $0) }.joined()
        }.joined()
    }

    /// Shows lines of hoopx's own making on standard error as they are: a picture.
    static func draw(_ lines: [String]) {
        write(lines.map { $0 + "\n" }.joined(), to: STDERR_FILENO)
    }

    /// The text with every control character shown as `?`, invisible direction marks included.
    static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isHarmless($0) ? $0 : "?" }))
    }

    /// The columns of the terminal on standard output, or nil where it is none.
    static var width: Int? { size(of: STDOUT_FILENO)?.columns }

    /// The columns and rows of the terminal on standard error, or nil where it is none.
    static var errorScreen: (columns: Int, rows: Int)? { size(of: STDERR_FILENO) }

    private static func size(of descriptor: Int32) -> (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: true
        }
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            // Nobody reads: there is no other place to say it.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
