import Glibc
import HoopxMasking

/// How fast all detectors look through a text, end to end: `masking-speed [FILE]`. With `--text BYTES`, prints the made-up
/// text instead, for others to be measured on it.
///
/// FILE is taken for JSON; without one, a conversation with an agent is made up, of a fixed seed. Prints a line for each
/// measurement, `name value`; speeds are the best of five passes, by the process's own time on the processor, so that what
/// else runs on the machine counts little.
@main
enum MaskingSpeed {
    static func main() throws {
        if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "--text",
            let size = Int(CommandLine.arguments[2])
        {
            return print(String(decoding: AgentText.make(size), as: UTF8.self))
        }
        let text = CommandLine.arguments.count > 1 ? try contents(CommandLine.arguments[1]) : AgentText.make(8 << 20)
        var made: MaskingEngine?
        print("compile_ms", try milliseconds { made = try MaskingEngine() })
        guard let engine = made else { return }
        let database = engine.serializedDatabase
        print("load_ms", try milliseconds { _ = try MaskingEngine(database: database) })
        print("bytes", text.count)
        print("whole_mb_per_s", speed(engine, text, piece: text.count, passes: 5))
        print("4KiB_mb_per_s", speed(engine, text, piece: 4096, passes: 5))
        let small = Array(text.prefix(1 << 20))
        print("16_bytes_ns_per_append", 16_000 / speed(engine, small, piece: 16, passes: 3))
        let session = MaskingSession(engine: engine)
        let plan = MaskingPlan(standard: .redact)
        let count = 20_000
        let time = milliseconds { for _ in 0..<count { _ = session.masked("/usr/bin/git", by: plan) } }
        print("short_text_ns", time * 1e6 / Double(count))
    }

    /// In megabytes a second.
    private static func speed(_ engine: MaskingEngine, _ text: [UInt8], piece: Int, passes: Int) -> Double {
        let scanner = TextScanner(engine, mode: .json)
        let times = (0..<passes).map { _ in
            scanner.reset()
            let start = processorTime()
            text.withUnsafeBytes { bytes in
                for offset in stride(from: 0, to: bytes.count, by: piece) {
                    scanner.append(UnsafeRawBufferPointer(rebasing: bytes[offset..<min(offset + piece, bytes.count)]))
                }
            }
            scanner.finish()
            return processorTime() - start
        }
        return Double(text.count) / (times.min() ?? .infinity) / 1e6
    }

    private static func milliseconds(_ body: () throws -> Void) rethrows -> Double {
        let start = processorTime()
        try body()
        return (processorTime() - start) * 1000
    }

    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func contents(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw Failure(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&part, 1, part.count, file)
            if count == 0 { return bytes }
            bytes += part[..<count]
        }
    }

    private struct Failure: Error {
        let path: String
    }
}
