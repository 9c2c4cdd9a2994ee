import Foundation
import HoopxCore
import HoopxLinux
import HoopxMasking
import Testing

@testable import HoopxSession

/// A terminal recording is asciicast v2, masked, and keeps the times.
@Suite struct TerminalRecordingTests {
    private final class Recording {
        var lines: [String] = []
        var time = ContinuousClock.now
        private(set) var recording: TerminalRecording?

        init(type: String? = "xterm-256color") throws {
            let terminal = try PseudoTerminal()
            terminal.resize(columns: 80, rows: 24)
            let size = try #require(try terminal.window().size())
            let session = MaskingSession(engine: try MaskingEngine())
            recording = TerminalRecording(
                TerminalMasker(session, plan: MaskingPlan(standard: .redact)), size: size, terminalType: type,
                startedAt: Timestamp(microseconds: 1_700_000_000_999_999), now: { [unowned self] in time }
            ) { [unowned self] line, _ in lines.append(String(decoding: line, as: UTF8.self)) }
        }

        func write(_ text: String, after seconds: Double = 0) {
            write(Array(text.utf8), after: seconds)
        }

        func write(_ bytes: [UInt8], after seconds: Double = 0) {
            time += .seconds(seconds)
            bytes.withUnsafeBytes { recording?.append($0) }
        }

        /// Everything that was shown, as a player puts it together.
        var shown: String { events.filter { $0.code == "o" }.map(\.data).joined() }

        var events: [(time: Double, code: String, data: String)] {
            lines.dropFirst().compactMap { line in
                let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any]
                guard let object, let time = object[0] as? Double, let code = object[1] as? String,
                    let data = object[2] as? String
                else { return nil }
                return (time, code, data)
            }
        }
    }

    @Test func itBeginsWithTheTerminalsSizeAndKind() throws {
        let recording = try Recording()
        #expect(
            recording.lines == [
                "{\"version\":2,\"width\":80,\"height\":24,\"timestamp\":1700000000,"
                    + "\"env\":{\"TERM\":\"xterm-256color\"}}\n"
            ])
    }

    @Test func everyEventIsALineOfJSONWithItsTime() throws {
        let recording = try Recording()
        recording.write("one \"two\"\r\n\u{1b}[1mé\t\\", after: 1.5)
        recording.write("later\n", after: 2)
        recording.recording?.finish()
        #expect(recording.lines.dropFirst().allSatisfy { $0.hasSuffix("]\n") && !$0.dropLast().contains("\n") })
        #expect(recording.shown == "one \"two\"\r\n\u{1b}[1mé\t\\later\n")
        #expect(recording.events.first?.time == 1.5)
        #expect(recording.events.last?.time == 3.5)
    }

    @Test func aValueThatIsWrittenInPiecesIsNotInIt() throws {
        let recording = try Recording()
        for digit in "4111111111111111" { recording.write(String(digit), after: 0.1) }
        recording.write(" paid\r\n")
        recording.recording?.finish()
        #expect(recording.shown == "[CREDIT_CARD] paid\r\n")
        #expect(!recording.lines.joined().contains("4111"))
    }

    @Test func whatIsHeldBackKeepsTheTimeAtWhichItWasWritten() throws {
        let recording = try Recording()
        recording.write("user@host$ 4111", after: 1)
        recording.write(" text goes on\r\n", after: 10)
        recording.recording?.finish()
        let prompt = try #require(recording.events.first { $0.data.contains("4111") })
        #expect(prompt.time == 1)
        #expect(recording.shown == "user@host$ 4111 text goes on\r\n")
    }

    @Test func aCharacterThatIsWrittenInPiecesStaysOne() throws {
        let recording = try Recording()
        for byte in Array("é日😀\r\n".utf8) { recording.write([byte]) }
        recording.write([0xff, 0xe6, 0x97])
        recording.recording?.finish()
        #expect(recording.shown == "é日😀\r\n\u{fffd}\u{fffd}")
    }

    @Test func aNewSizeIsAnEvent() throws {
        let terminal = try PseudoTerminal()
        terminal.resize(columns: 132, rows: 43)
        let recording = try Recording(type: nil)
        recording.time += .seconds(2)
        recording.recording?.resize(try #require(try terminal.window().size()))
        #expect(recording.lines.last == "[2.000000,\"r\",\"132x43\"]\n")
    }
}

extension PseudoTerminal {
    fileprivate func resize(columns: UInt16, rows: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master.raw, UInt(TIOCSWINSZ), &size)
    }
}
