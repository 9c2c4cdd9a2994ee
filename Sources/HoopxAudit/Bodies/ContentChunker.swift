/// Cuts bytes where their content says so, so that equal stretches of two bodies become equal chunks wherever they stand.
///
/// Gear hashing with two masks around a normal size, as FastCDC has it (Xia et al., USENIX ATC 2016). Where the bytes are
/// cut into pieces on their way here makes no difference.
struct ContentChunker {
    static let minimum = 1 << 10
    static let normal = 4 << 10
    static let maximum = 32 << 10

    // A border below the normal size is rarer than one above it, so that sizes gather there. The bits are the highest: those
    // depend on the last 64 bytes.
    private static let rareMask: UInt64 = 0xfffc_0000_0000_0000
    private static let commonMask: UInt64 = 0xffc0_0000_0000_0000

    /// Bytes from the beginning of the present chunk on.
    private var bytes: [UInt8] = []
    /// How many of them have been looked at.
    private var position = 0
    private var hash: UInt64 = 0

    /// Takes further bytes, and gives away the chunks that are complete with them.
    mutating func append(_ piece: [UInt8], _ chunk: (UnsafeRawBufferPointer) -> Void) {
        bytes += piece
        var start = 0
        bytes.withUnsafeBytes { buffer in
            while let end = nextBorder(in: buffer, from: start) {
                chunk(UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
                start = end
            }
        }
        guard start > 0 else { return }
        bytes.removeSubrange(..<start)
        position -= start
    }

    /// Gives away what is left, if anything.
    mutating func finish(_ chunk: (UnsafeRawBufferPointer) -> Void) {
        guard !bytes.isEmpty else { return }
        bytes.withUnsafeBytes(chunk)
        self = ContentChunker()
    }

    /// The end of the chunk that begins at `start`, or nil where it goes on beyond the buffer: then all has been looked at.
    private mutating func nextBorder(in buffer: UnsafeRawBufferPointer, from start: Int) -> Int? {
        // What cannot end a chunk need not be looked at, but for what the hash at the first place that can depends on.
        position = max(position, start + Self.minimum - UInt64.bitWidth)
        let normal = min(start + Self.normal, buffer.count)
        let maximum = min(start + Self.maximum, buffer.count)
        let first = start + Self.minimum
        var (position, hash) = (position, hash)
        let border: Int? = GearTable.values.withUnsafeBufferPointer { gear in
            while position < maximum {
                hash = hash << 1 &+ gear[Int(buffer[position])]
                position += 1
                guard position >= first else { continue }
                if hash & (position <= normal ? Self.rareMask : Self.commonMask) == 0 { return position }
            }
            return maximum == start + Self.maximum ? maximum : nil
        }
        self.position = border ?? max(position, buffer.count)
        self.hash = border == nil ? hash : 0
        return border
    }
}

/// A random number for each byte.
enum GearTable {
    /// From SplitMix64 (Steele, Lea, Flood 2014), seeded with 0: never to be changed, or what comes after shares no chunks
    /// with what was stored before.
    static let values: [UInt64] = (0..<256).map { index in
        var mixed = UInt64(index + 1) &* 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
