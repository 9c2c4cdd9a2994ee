/// When the pieces of a body came.
public struct BodyTimings: Sendable, Hashable {
    public struct Piece: Sendable, Hashable {
        /// In bytes.
        public let length: Int64
        /// In microseconds since the head of the request had been read, by a monotonic clock; never less than the piece before.
        public let time: Int64

        public init(length: Int64, time: Int64) {
            self.length = length
            self.time = time
        }
    }

    public private(set) var pieces: [Piece] = []

    /// Pairs of `VariableInteger`: a piece's length, and how long it came after the one before.
    init?(encoded: [UInt8]) {
        guard let numbers = VariableInteger.all(in: encoded), numbers.count.isMultiple(of: 2) else { return nil }
        var time: Int64 = 0
        for index in stride(from: 0, to: numbers.count, by: 2) {
            guard let length = Int64(exactly: numbers[index]), let delay = Int64(exactly: numbers[index + 1]) else {
                return nil
            }
            let (sum, isTooMuch) = time.addingReportingOverflow(delay)
            if isTooMuch { return nil }
            time = sum
            pieces.append(Piece(length: length, time: time))
        }
    }

    /// Writes them as they come.
    struct Writer {
        private(set) var bytes: [UInt8] = []
        private(set) var last: Int64 = 0

        mutating func append(length: Int, time: Int64) {
            let time = max(last, time)
            VariableInteger.append(UInt64(length), to: &bytes)
            VariableInteger.append(UInt64(time - last), to: &bytes)
            last = time
        }
    }
}
