/// The end of a view: what may still be looked at, by its offset in the whole view.
struct ViewBuffer: ~Copyable {
    private var storage: UnsafeMutableRawBufferPointer
    /// The offset of the first byte that is kept.
    private(set) var start = 0
    private(set) var end = 0

    init() { storage = .allocate(byteCount: 4096, alignment: 16) }

    deinit { storage.deallocate() }

    /// What is kept: its first byte is the one at `start`.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[..<(end - start)]) }

    subscript(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[(range.lowerBound - start)..<(range.upperBound - start)])
    }

    /// Room for so many bytes behind the end; what is before `needed` may be forgotten for it.
    mutating func room(_ count: Int, needed: Int) -> UnsafeMutableRawBufferPointer {
        let kept = end - start
        if storage.count - kept < count {
            let rest = end - max(needed, start)
            var target = storage
            if storage.count - rest < count {
                var capacity = storage.count
                while capacity - rest < count { capacity *= 2 }
                target = .allocate(byteCount: capacity, alignment: 16)
            }
            if let base = target.baseAddress, let source = storage.baseAddress {
                base.copyMemory(from: source + (kept - rest), byteCount: rest)
            }
            if target.baseAddress != storage.baseAddress {
                storage.deallocate()
                storage = target
            }
            start = end - rest
        }
        return UnsafeMutableRawBufferPointer(rebasing: storage[(end - start)..<min(end - start + count, storage.count)])
    }

    /// So many bytes of the room were written.
    mutating func commit(_ count: Int) { end += count }

    mutating func reset() {
        start = 0
        end = 0
    }
}
