import NIOHTTP1

/// Header fields that hold for a content as it came, and no longer when it is changed.
extension HTTPHeaders {
    /// For a body that goes on in other bytes, and without its content encodings.
    mutating func removeContentFields() {
        for name in Self.digests + ["Content-Encoding"] { remove(name: name) }
        removeChecksums()
    }

    /// A client that holds the changed content must not ask for parts of the other one, nor whether that is new.
    mutating func removeValidators() {
        for name in ["ETag", "Accept-Ranges"] { remove(name: name) }
    }

    /// Parts of a content could not be masked: a value may begin in one and end in the other.
    mutating func removeRange() {
        for name in ["Range", "If-Range"] { remove(name: name) }
    }

    /// RFC 9530, RFC 3230, RFC 1864.
    private static let digests = ["Content-Digest", "Repr-Digest", "Digest", "Content-MD5"]

    /// What object stores call theirs: `x-amz-checksum-crc32`, `x-goog-hash`.
    private mutating func removeChecksums() {
        let names = map(\.name).filter { name in
            let name = name.lowercased()
            return name.hasPrefix("x-amz-checksum-") || name == "x-goog-hash" || name == "x-ms-content-crc64"
        }
        for name in names { remove(name: name) }
    }
}
