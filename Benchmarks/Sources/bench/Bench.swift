import Glibc

/// Measures hoopx against the same work without it, in one run, and prints one table.
///
/// Arguments: the directory that hoopx is installed in, the directory of this package's programs, that of the examples'
/// programs, mitmdump, a Python with Presidio and the directory of npm, each of these three empty where there is none.
/// Every comparison takes its turns in short rounds and reports medians, so that a noisy machine is as noisy for each of
/// them.
@main
struct Bench {
    static func main() {
        let arguments = CommandLine.arguments
        do {
            guard arguments.count == 7 else {
                throw BenchmarkError("usage: bench INSTALLED PROGRAMS EXAMPLES MITMDUMP PRESIDIO NPM")
            }
            let setting = try Setting(
                installed: arguments[1], programs: arguments[2], examples: arguments[3],
                mitmdump: arguments[4].isEmpty ? nil : arguments[4],
                presidio: arguments[5].isEmpty ? nil : arguments[5], npm: arguments[6].isEmpty ? nil : arguments[6])
            defer { setting.remove() }
            try measureAll(setting)
        } catch {
            tell("\(error)")
            exit(1)
        }
    }

    private static func measureAll(_ setting: Setting) throws {
        let parts: [(String, (Setting, inout Report) throws -> Void)] = [
            ("start-up", measureStartUp), ("a kept login", measureKeptLogin), ("system calls", measureCalls),
            ("requests", measureRequests),
            ("work", measureWork),
            ("masking", measureMasking), ("event streams and bodies", measureBytes),
            ("recording and masking", measureRecording),
            ("size", measureSize),
        ]
        var report = Report()
        var missing: [String] = []
        for (name, measure) in parts {
            tell("measuring \(name)")
            do {
                try measure(setting, &report)
            } catch {
                missing.append(name)
                tell("\(name): \(error)")
            }
        }
        report.print()
        if !missing.isEmpty { throw BenchmarkError("not measured: " + missing.joined(separator: ", ")) }
    }

    /// Writes to standard error; the table alone goes to standard output.
    private static func tell(_ text: String) {
        var line = text + "\n"
        line.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
    }
}

/// The installed binary, which is stripped.
private func measureSize(_ setting: Setting, _ report: inout Report) throws {
    var status = stat()
    guard stat(setting.hoopx, &status) == 0 else { throw BenchmarkError("there is no \(setting.hoopx)") }
    let size = Double(status.st_size) / 1e6
    report.add(
        Line(
            subject: "stripped static binary", without: "-", with: size.text(decimals: 1) + " MB", price: "",
            goal: ("at most 70 MB", size <= 70)))
}
