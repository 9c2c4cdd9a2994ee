import Glibc

/// Takes the data of a server-sent event.
protocol EventDataReceiver {
    mutating func take(_ data: UnsafeRawBufferPointer)
    /// An event was too long to be kept.
    mutating func missedEvent()
}

/// Finds the events of an event stream (WHATWG HTML, 9.2.6) and hands on the data of each, however the bytes come. An event
/// that stands in one piece whole is never copied.
struct EventStreamReader {
    /// A longer event is passed over, in bytes.
    static let maximumEvent = 4 << 20

    /// The line that the last piece broke off in.
    private var line: [UInt8] = []
    /// The data lines of the event so far, a line feed after each.
    private var data: [UInt8] = []
    private var hasData = false
    private var isTooLong = false
    private var endedWithReturn = false
    private var isAtStart = true

    mutating func append(_ bytes: UnsafeRawBufferPointer, to receiver: inout some EventDataReceiver) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        var start = 0
        if endedWithReturn, bytes[0] == UInt8(ascii: "\n") { start = 1 }
        endedWithReturn = false
        // The event's only data line so far, where it stands in this piece.
        var single: Range<Int>?
        while start < bytes.count, let end = Self.endOfLine(base, from: start, to: bytes.count) {
            if line.isEmpty {
                take(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), at: start, &single, base, &receiver)
            } else {
                keep(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
                let whole = line
                line.removeAll(keepingCapacity: true)
                whole.withUnsafeBytes { take($0, at: nil, &single, base, &receiver) }
            }
            start = end + 1
            guard bytes[end] == UInt8(ascii: "\r") else { continue }
            if start == bytes.count {
                endedWithReturn = true
            } else if bytes[start] == UInt8(ascii: "\n") {
                start += 1
            }
        }
        if let single { gather(UnsafeRawBufferPointer(start: base + single.lowerBound, count: single.count)) }
        if start < bytes.count { keep(UnsafeRawBufferPointer(rebasing: bytes[start...])) }
    }

    /// Where the line that begins there ends: at a line feed, or at a carriage return.
    private static func endOfLine(_ base: UnsafeRawPointer, from start: Int, to end: Int) -> Int? {
        var start = start
        while start < end {
            // Either is looked for no further than the other: a stream with one of them only must cost no more.
            let window = min(end - start, 4_096)
            let feed = memchr(base + start, 0x0a, window).map { UnsafeRawPointer($0) - base }
            let length = (feed ?? start + window) - start
            if length > 0, let ret = memchr(base + start, 0x0d, length) { return UnsafeRawPointer(ret) - base }
            if let feed { return feed }
            start += window
        }
        return nil
    }

    private mutating func take(
        _ line: UnsafeRawBufferPointer, at start: Int?, _ single: inout Range<Int>?, _ base: UnsafeRawPointer,
        _ receiver: inout some EventDataReceiver
    ) {
        var line = line
        var start = start
        if isAtStart {
            isAtStart = false
            if line.starts(with: [0xef, 0xbb, 0xbf]) {
                line = UnsafeRawBufferPointer(rebasing: line.dropFirst(3))
                start = start.map { $0 + 3 }
            }
        }
        guard !line.isEmpty else { return dispatch(&single, base, &receiver) }
        guard line.count >= 5, memcmp(line.baseAddress ?? base, "data:", 5) == 0 else { return }
        let skipped = line.count > 5 && line[5] == 0x20 ? 6 : 5
        let value = UnsafeRawBufferPointer(rebasing: line[skipped...])
        if !hasData, let start {
            single = (start + skipped)..<(start + line.count)
        } else {
            if let first = single {
                single = nil
                gather(UnsafeRawBufferPointer(start: base + first.lowerBound, count: first.count))
            }
            gather(value)
        }
        hasData = true
    }

    private mutating func dispatch(
        _ single: inout Range<Int>?, _ base: UnsafeRawPointer, _ receiver: inout some EventDataReceiver
    ) {
        if isTooLong {
            receiver.missedEvent()
        } else if let single {
            receiver.take(UnsafeRawBufferPointer(start: base + single.lowerBound, count: single.count))
        } else if hasData {
            data.withUnsafeBytes { receiver.take(UnsafeRawBufferPointer(rebasing: $0.dropLast())) }
        }
        single = nil
        hasData = false
        isTooLong = false
        data.removeAll(keepingCapacity: true)
    }

    private mutating func gather(_ bytes: UnsafeRawBufferPointer) {
        guard data.count + bytes.count < Self.maximumEvent else { return isTooLong = true }
        data.append(contentsOf: bytes)
        data.append(UInt8(ascii: "\n"))
    }

    private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
        guard line.count + bytes.count <= Self.maximumEvent else { return isTooLong = true }
        line.append(contentsOf: bytes)
    }
}
