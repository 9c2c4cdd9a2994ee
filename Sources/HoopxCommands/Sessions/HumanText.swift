import Glibc
import HoopxAudit
import HoopxCore
import HoopxLinux

/// Values as people read them.
enum HumanText {
    /// `2026-11-23 01:20:27` by the local clock.
    static func localTime(_ timestamp: Timestamp) -> String {
        var seconds = time_t(timestamp.microseconds / 1_000_000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return String(unsafeUninitializedCapacity: 32) { room in
            room.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { strftime($0, text.count, "%Y-%m-%d %H:%M:%S", &parts) } ?? 0
            }
        }
    }

    static func duration(from start: Timestamp, to end: Timestamp?) -> String {
        guard let end else { return "-" }
        return duration(microseconds: end.microseconds - start.microseconds)
    }

    /// Three digits at most: `850 us`, `12.3 ms`, `4.02 s`, `3 min 20 s`, `2 h 5 min`.
    static func duration(microseconds: Int64) -> String {
        switch microseconds {
        case ..<1_000: return "\(microseconds) us"
        case ..<1_000_000: return rounded(microseconds, per: 1_000) + " ms"
        case ..<60_000_000: return rounded(microseconds, per: 1_000_000) + " s"
        case ..<3_600_000_000: return "\(microseconds / 60_000_000) min \(microseconds / 1_000_000 % 60) s"
        default: return "\(microseconds / 3_600_000_000) h \(microseconds / 60_000_000 % 60) min"
        }
    }

    /// `512 B`, `19.4 kB`, `1.07 GB`: powers of 1,000.
    static func bytes(_ count: Int64) -> String {
        switch count {
        case ..<1_000: "\(count) B"
        case ..<1_000_000: rounded(count, per: 1_000) + " kB"
        case ..<1_000_000_000: rounded(count, per: 1_000_000) + " MB"
        default: rounded(count, per: 1_000_000_000) + " GB"
        }
    }

    static func result(_ record: SessionRecord) -> String {
        switch record.state {
        case .running: return "running"
        case .unknown: return "unknown"
        case .interrupted: return "interrupted"
        case .ended: break
        }
        switch record.ending {
        case .exited(let status): return status == 0 ? "ok" : "exit \(status)"
        case .killed(let signal): return signalName(signal)
        case .terminated(let signal): return "ended by \(signalName(signal))"
        case .failed: return "hoopx failed"
        case .interrupted, nil: return "interrupted"
        }
    }

    /// The arguments as a shell would take them.
    static func command(_ arguments: [String]) -> String {
        arguments.map { argument in
            let isPlain = !argument.isEmpty && argument.utf8.allSatisfy(isPlainByte)
            return isPlain
                ? argument
                : "'" + argument.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
                    + "'"
        }.joined(separator: " ")
    }

    /// `1 event`, `2 events`
    static func counted(_ count: Int64, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    static func signalName(_ signal: Int32) -> String {
        SignalName.of(signal) ?? "signal \(signal)"
    }

    private static func isPlainByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "-_./:=@%+,".utf8.contains(byte)
        }
    }

    private static func rounded(_ value: Int64, per unit: Int64) -> String {
        let hundredths = value * 100 / unit
        switch hundredths {
        case ..<1_000: return "\(hundredths / 100).\(twoDigits(hundredths % 100))"
        case ..<10_000: return "\(hundredths / 100).\(hundredths % 100 / 10)"
        default: return "\(hundredths / 100)"
        }
    }

    private static func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }
}
