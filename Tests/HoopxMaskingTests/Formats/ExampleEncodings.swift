import CCompression

/// Encodes with one of the content codings.
func encoded(_ content: [UInt8], _ coding: String) -> [UInt8] {
    switch coding {
    case "gzip": deflated(content, windowBits: 15 + 16)
    case "deflate": deflated(content, windowBits: 15)
    case "bare deflate": deflated(content, windowBits: -15)
    case "zstd": zstandard(content)
    case "br": brotli(content)
    default: content
    }
}

private func deflated(_ content: [UInt8], windowBits: Int32) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
        &stream, 6, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var content = content
    var output = [UInt8](repeating: 0, count: content.count + 1000)
    let room = output.count
    content.withUnsafeMutableBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(room)
            deflate(&stream, Z_FINISH)
        }
    }
    return Array(output.prefix(room - Int(stream.avail_out)))
}

private func zstandard(_ content: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: ZSTD_compressBound(content.count))
    let length = ZSTD_compress(&output, output.count, content, content.count, 3)
    return Array(output.prefix(length))
}

/// Uncompressed meta-blocks (RFC 7932, 9.2): there is no encoder here. `ExampleBrotli` has been compressed by one.
private func brotli(_ content: [UInt8]) -> [UInt8] {
    // A window of 64 KiB is one bit; then 0 for "not the last", two bits for a length of four nibbles, 16 bits, 1.
    var output: [UInt8] = []
    var isFirst = true
    var rest = content[...]
    while !rest.isEmpty {
        let part = rest.prefix(65_536)
        let header = UInt32(part.count - 1) << 3 | 1 << 19
        let bits = isFirst ? header << 1 : header
        output += [
            UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8),
            UInt8(truncatingIfNeeded: bits >> 16),
        ]
        output += part
        rest = rest.dropFirst(part.count)
        isFirst = false
    }
    return output + [isFirst ? 0x06 : 0x03]
}

enum ExampleBrotli {
    static let content = (0..<200).map { "line \($0) of a text that repeats itself\n" }.joined()

    /// By brotli 1.0.9 at quality 11, in Base64.
    static let encoded = """
        GwkeaBwJNo5yqxo7j1DpKh6SDrB5PYaLtwZRMJtL/x/3DID22LsIf7I0o8TTqkPsgmd08uhLvfk+6GvxueCdYzBZbA43Dy/f7ygc\
        Tpfb4+3jy3dnOZwut8fbx5fvrnI4XW6Pt48v393lcLrcHm8fX757yuF0uT3ePr589y6H0+X2ePv48t2nHE6X2+Pt48t333I4XW6P\
        t48v3/3K4XS5Pd4+vnx/QBUBAgYKHCToYIL1G6ACBAwUOEjQwQTrN2AFCBgocJCggwnWb6AKEDBQ4CBBBxOs38AVIGCgwEGCDiZY\
        v0EqQMBAgYMEHUywfoOuAAEDBQ4SdDDB+g2mAgQMFDhI0MEE6zfYChAwUOAgQQcTrN/gKkDAQIGDBB1MsHI=
        """
}
