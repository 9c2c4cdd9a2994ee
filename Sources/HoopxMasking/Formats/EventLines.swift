/// What an event of a stream consists of (WHATWG HTML, 9.2.6).
struct EventLines {
    /// The `event` line, its end included.
    private(set) var nameLine: Range<Int>?
    /// From the first data line's value to the last one's end; nil where there is no data.
    private(set) var data: Range<Int>?
    /// What stands between the values of several data lines, from one's end to the next one's beginning.
    private(set) var gaps: [Range<Int>] = []
    /// Where the first data line begins.
    private(set) var dataLine = 0
    /// The end of the last data line.
    private(set) var lineEnd: Range<Int>
    /// Whether the event only keeps the connection alive.
    private(set) var isPing = false

    init(_ event: UnsafeRawBufferPointer, from start: Int) {
        lineEnd = event.count..<event.count
        var start = start
        while start < event.count {
            let end = Self.lineEnd(in: event, from: start) ?? event.count..<event.count
            read(start..<end.lowerBound, end, of: event)
            start = end.upperBound
        }
    }

    private mutating func read(_ line: Range<Int>, _ end: Range<Int>, of event: UnsafeRawBufferPointer) {
        if let value = Self.value(of: line, named: Self.dataName, in: event) {
            if let data {
                gaps.append(data.upperBound..<value)
                self.data = data.lowerBound..<line.upperBound
            } else {
                data = value..<line.upperBound
                dataLine = line.lowerBound
            }
            lineEnd = end
        } else if let value = Self.value(of: line, named: Self.eventName, in: event) {
            nameLine = line.lowerBound..<end.upperBound
            isPing = line.upperBound - value == Self.pingName.count && event.hasBytes(Self.pingName, at: value)
        }
    }

    /// The next line's end, be it LF, CR LF or CR.
    static func lineEnd(in bytes: UnsafeRawBufferPointer, from start: Int) -> Range<Int>? {
        var start = start
        while start < bytes.count {
            // Either is looked for no further than the other: a stream with one of them only must cost no more.
            let window = min(start + 1024, bytes.count)
            let feed = bytes.firstIndex(of: UInt8(ascii: "\n"), in: start..<window)
            if let carriage = bytes.firstIndex(of: UInt8(ascii: "\r"), in: start..<(feed ?? window)) {
                let isPair = carriage + 1 < bytes.count && bytes[carriage + 1] == UInt8(ascii: "\n")
                return carriage..<carriage + (isPair ? 2 : 1)
            }
            if let feed { return feed..<feed + 1 }
            start = window
        }
        return nil
    }

    /// Where a field's value begins, if the line has this field.
    private static func value(of line: Range<Int>, named name: [UInt8], in event: UnsafeRawBufferPointer) -> Int? {
        guard line.count >= name.count, event.hasBytes(name, at: line.lowerBound) else { return nil }
        let colon = line.lowerBound + name.count
        guard colon < line.upperBound else { return line.upperBound }
        guard event[colon] == UInt8(ascii: ":") else { return nil }
        let value = colon + 1
        return value < line.upperBound && event[value] == UInt8(ascii: " ") ? value + 1 : value
    }

    /// Where the value of a data line begins.
    static func dataValue(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        value(of: start..<bytes.count, named: dataName, in: bytes)
    }

    private static let dataName = Array("data".utf8)
    private static let eventName = Array("event".utf8)
    private static let pingName = Array("ping".utf8)
}
