/// The classes of bytes of one kind of run, for looking at a run byte by byte.
final class RunTable: Sendable {
    let run: Detector.Run
    /// Per byte value: 0 for what ends the run, `member`, `joiner`.
    private let classes: Classes

    private static let member: UInt8 = 1
    private static let joiner: UInt8 = 2

    /// Written once, before anybody else has it.
    private struct Classes: @unchecked Sendable {
        let table: UnsafeMutablePointer<UInt8>
    }

    init(_ run: Detector.Run) {
        self.run = run
        let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
        for byte in UInt8.min...UInt8.max {
            let value = run.members.contains(byte) ? Self.member : run.joiners.contains(byte) ? Self.joiner : 0
            (table + Int(byte)).initialize(to: value)
        }
        classes = Classes(table: table)
    }

    deinit { classes.table.deallocate() }

    @inline(__always)
    func isMember(_ byte: UInt8) -> Bool { classes.table[Int(byte)] == Self.member }

    /// Where the run that reaches up to an offset begins: at its first member, and not before a limit.
    ///
    /// - Returns: nil where none reaches it.
    func start(upTo end: Int, notBefore limit: Int, in bytes: UnsafeRawBufferPointer) -> Int? {
        var start: Int?
        var offset = end
        var joined = 0
        while offset > limit {
            switch classes.table[Int(bytes[offset - 1])] {
            case Self.member:
                start = offset - 1
                joined = 0
            case Self.joiner:
                joined += 1
                guard joined <= run.maximumJoin else { return start }
            default: return start
            }
            offset -= 1
        }
        return start
    }

    /// Where members alone, without joiners, that reach up to an offset begin.
    func groupStart(upTo end: Int, notBefore limit: Int, in bytes: UnsafeRawBufferPointer, within other: RunTable)
        -> Int
    {
        var offset = end
        while offset > limit, isMember(bytes[offset - 1]), other.isMember(bytes[offset - 1]) { offset -= 1 }
        return offset
    }

    /// The offset of the byte that ends the run which goes on at an offset.
    ///
    /// - Returns: nil where it does not end before the limit.
    func end(from start: Int, limit: Int, in bytes: UnsafeRawBufferPointer) -> Int? {
        var offset = start
        var joined = 0
        while offset < limit {
            switch classes.table[Int(bytes[offset])] {
            case Self.member: joined = 0
            case Self.joiner:
                joined += 1
                guard joined <= run.maximumJoin else { return offset }
            default: return offset
            }
            offset += 1
        }
        return nil
    }
}
