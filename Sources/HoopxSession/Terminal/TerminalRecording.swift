import HoopxCore
import HoopxLinux
import HoopxMasking

/// A recording of what a terminal shows, masked as it is made, so that nothing else leaves memory. What is typed is not
/// recorded: passwords show nowhere.
final class TerminalRecording {
    private let masker: TerminalMasker
    private let write: ([UInt8], Int64) -> Void
    private let now: () -> ContinuousClock.Instant
    private let start: ContinuousClock.Instant
    /// When what is held back was written.
    private var heldSince: Int64 = 0
    /// Lines are in the order of their times.
    private var lastTime: Int64 = 0
    /// The beginning of a character.
    private var unfinished: [UInt8] = []
    private var masked: [UInt8] = []

    /// - Parameters:
    ///   - terminalType: the command's `TERM`.
    ///   - write: takes whole lines of the recording, and when they came, in microseconds since its start.
    init(
        _ masker: TerminalMasker, size: TerminalSize, terminalType: String?, startedAt: Timestamp = .now(),
        now: @escaping () -> ContinuousClock.Instant = { .now }, write: @escaping ([UInt8], Int64) -> Void
    ) {
        self.masker = masker
        self.write = write
        self.now = now
        start = now()
        write(AsciicastLine.header(size: size, startedAt: startedAt, terminalType: terminalType), 0)
    }

    /// The command has written this.
    func append(_ bytes: UnsafeRawBufferPointer) {
        let now = elapsed
        let heldBefore = masker.heldCount
        masker.append(bytes, into: &masked)
        // As long as nothing was replaced, it is known which of it was written earlier.
        if heldBefore > 0, masked.count + masker.heldCount == heldBefore + bytes.count {
            let earlier = min(heldBefore, masked.count)
            show(masked[..<earlier], at: heldSince)
            show(masked[earlier...], at: now)
        } else {
            show(masked[...], at: now)
        }
        masked.removeAll(keepingCapacity: true)
        if masker.heldCount <= bytes.count { heldSince = now }
    }

    func resize(_ size: TerminalSize) {
        let time = time(elapsed)
        write(AsciicastLine.resize(size, at: time), time)
    }

    /// Nothing more is written.
    func finish() {
        masker.finish(into: &masked)
        show(masked[...], at: heldSince)
        if !unfinished.isEmpty { show(String(decoding: unfinished, as: UTF8.self), at: lastTime) }
        masked = []
        unfinished = []
    }

    private func show(_ bytes: ArraySlice<UInt8>, at microseconds: Int64) {
        guard !bytes.isEmpty else { return }
        let all = unfinished + bytes
        let end = Self.completeLength(of: all)
        unfinished = Array(all[end...])
        if end > 0 { show(String(decoding: all[..<end], as: UTF8.self), at: microseconds) }
    }

    private func show(_ text: String, at microseconds: Int64) {
        let time = time(microseconds)
        write(AsciicastLine.output(text, at: time), time)
    }

    /// In microseconds.
    private var elapsed: Int64 { Int64((now() - start) / .microseconds(1)) }

    private func time(_ microseconds: Int64) -> Int64 {
        lastTime = max(lastTime, microseconds)
        return lastTime
    }

    /// The length without a character at the end that has only begun (RFC 3629).
    private static func completeLength(of bytes: [UInt8]) -> Int {
        for distance in 1...3 where distance <= bytes.count {
            let byte = bytes[bytes.count - distance]
            if byte & 0xc0 == 0x80 { continue }
            let length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
            return length > distance ? bytes.count - distance : bytes.count
        }
        return bytes.count
    }
}
