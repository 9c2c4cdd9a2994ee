import HoopxCore

/// Which texts can be tokens.
enum TokenText {
    /// The longest token, in bytes: servers take some 16 KiB of header in all.
    static let maximumLength = 16_384

    /// - Parameter bytes: what a source holds, with at most blanks and line ends around it.
    /// - Throws: where it cannot stand in a header: a line end or a control character in the middle would let it forge
    ///   other headers (RFC 9110, 5.5). The error holds no part of it.
    static func secret(from bytes: some BidirectionalCollection<UInt8>, of source: String) throws(HoopxError) -> Secret
    {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0d).contains($0) }
        var token = bytes.drop(while: isBlank)
        while let last = token.last, isBlank(last) { token.removeLast() }
        guard !token.isEmpty else { throw error(source, "it is empty") }
        guard token.count <= maximumLength else { throw error(source, "it is longer than \(maximumLength) bytes") }
        guard token.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw error(source, "it holds blanks, line ends or other characters that no token has")
        }
        return Secret(String(decoding: token, as: UTF8.self))
    }

    static func error(_ source: String, _ found: String, hint: String? = nil) -> HoopxError {
        HoopxError(.startup, doing: "getting the credential from \(source)", found: found, hint: hint)
    }
}
