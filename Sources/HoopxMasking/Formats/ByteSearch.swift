import Glibc

extension UnsafeRawBufferPointer {
    /// At memory speed.
    func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        firstIndex(of: byte, in: start..<count)
    }

    func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        guard let baseAddress, !range.isEmpty,
            let found = memchr(baseAddress + range.lowerBound, Int32(byte), range.count)
        else { return nil }
        return UnsafeRawPointer(found) - baseAddress
    }

    /// Whether these bytes stand at an offset.
    func hasBytes(_ bytes: [UInt8], at offset: Int) -> Bool {
        guard count - offset >= bytes.count, let baseAddress else { return bytes.isEmpty }
        return bytes.withUnsafeBytes { bytes in
            bytes.baseAddress.map { memcmp(baseAddress + offset, $0, bytes.count) == 0 } ?? true
        }
    }

    subscript(part range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }
}

extension [UInt8] {
    /// Takes away the first bytes.
    mutating func drop(_ length: Int) {
        guard length > 0 else { return }
        let rest = count - length
        withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            memmove(base, base + length, rest)
        }
        removeLast(length)
    }
}
