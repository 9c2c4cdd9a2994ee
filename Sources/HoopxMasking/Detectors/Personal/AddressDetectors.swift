extension Detector {
    static let emailAddress = [
        Detector(
            .emailAddress, [Expression(#"[a-z0-9_.+'\x80-\xff-]@[a-z0-9\x80-\xff]"#, isCaseless: true)],
            extent: .bounded(320), lookahead: 255, confidence: .high
        ) { candidate in
            let at = candidate.matchEnd - 2
            var start = at
            while let byte = candidate[start - 1], mailboxBytes.contains(byte), at - start < 64 { start -= 1 }
            while start < at, ".-+'*".utf8.contains(candidate.text[start]) { start += 1 }
            guard start < at, !isURLCredential(candidate, before: start),
                let end = domainEnd(candidate, from: at + 1)
            else { return nil }
            // `git@host:path` is a place of code, `a@b.call(` a program.
            if candidate.text[start..<at].elementsEqual("git".utf8) || candidate[end] == UInt8(ascii: "(") {
                return nil
            }
            return start..<end
        }
    ]

    /// RFC 5322's atext but for what stands between an address and something else more often.
    private static let mailboxBytes = ByteSet.alphanumerics + ByteSet(".!#$&*+-^_~") + ByteSet(0x80...0xFF)

    /// Where the longest domain name ends that has a known last label.
    private static func domainEnd(_ candidate: Candidate, from start: Int) -> Int? {
        let labelBytes = ByteSet.alphanumerics + ByteSet("-") + ByteSet(0x80...0xFF)
        var known: Int?
        var labelStart = start
        while true {
            let labelEnd = candidate.end(of: labelBytes, from: labelStart)
            guard labelEnd > labelStart, labelEnd - start <= 255 else { break }
            let label = candidate.text[labelStart..<labelEnd]
            if labelStart > start, TopLevelDomain.isKnown(label) { known = labelEnd }
            guard candidate[labelEnd] == UInt8(ascii: "."), candidate[labelEnd + 1].map(labelBytes.contains) == true
            else {
                break
            }
            labelStart = labelEnd + 1
        }
        return known
    }

    /// Whether `user:password@host` of a URL is what looks like an address.
    private static func isURLCredential(_ candidate: Candidate, before start: Int) -> Bool {
        var place = start
        while let byte = candidate[place - 1], byte != UInt8(ascii: "/"), ByteSet.token.contains(byte) { place -= 1 }
        return candidate[place - 1] == UInt8(ascii: "/") && candidate[place - 2] == UInt8(ascii: "/")
            && candidate[place - 3] == UInt8(ascii: ":")
    }

    static let ipAddress = [
        Detector(
            .ipAddress, [Expression(#"\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"#)], extent: .bounded(15), lookahead: 8,
            confidence: .medium
        ) { candidate in
            let range = candidate.extent(of: .digits + ByteSet("."), around: candidate.matchEnd - 1)
            let isSentenceEnd = candidate[range.upperBound - 1] == UInt8(ascii: ".")
            let address = range.lowerBound..<(isSentenceEnd ? range.upperBound - 1 : range.upperBound)
            let isFree = candidate[address.lowerBound - 1].map { $0.isWordByte || $0 == UInt8(ascii: "-") } != true
            let isOpen = candidate[address.upperBound].map { $0.isWordByte || $0 == UInt8(ascii: "-") } != true
            guard isFree, isOpen, NetworkAddresses.isIPv4(candidate.text[address]) else { return nil }
            return versionWords.contains(String(decoding: candidate.wordBefore(address.lowerBound), as: UTF8.self))
                ? nil : address
        },
        Detector(
            .ipAddress,
            [
                Expression("[23f][0-9a-f]{3}:[0-9a-f]{1,4}:", isCaseless: true),
                Expression("[0-9a-f]::", isCaseless: true),
                Expression("::ffff:[0-9]", isCaseless: true),
            ],
            extent: .bounded(45), lookahead: 46, confidence: .high
        ) { candidate in
            let range = candidate.extent(of: .hexadecimal + ByteSet(":."), around: candidate.matchEnd - 1)
            var end = range.upperBound
            while end > range.lowerBound, ".".utf8.contains(candidate.text[end - 1]) { end -= 1 }
            let isFree = candidate[range.lowerBound - 1]?.isWordByte != true && candidate[end]?.isWordByte != true
            guard isFree, NetworkAddresses.isIPv6(candidate.text[range.lowerBound..<end]) else { return nil }
            return range.lowerBound..<end
        },
    ]

    private static let versionWords: Set<String> = [
        "version", "versions", "ver", "v", "release", "build", "firmware", "section",
    ]

    static let macAddress = [
        Detector(
            .macAddress,
            [
                Expression(":[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}", isCaseless: true),
                Expression("-[0-9a-f]{2}-[0-9a-f]{2}-[0-9a-f]{2}-", isCaseless: true),
                Expression(#"\.[0-9a-f]{4}\.[0-9a-f]{4}"#, isCaseless: true),
            ],
            extent: .bounded(17), lookahead: 18, confidence: .medium
        ) { candidate in
            let range = candidate.extent(of: .hexadecimal + ByteSet(":-."), around: candidate.matchEnd - 1)
            let isSentenceEnd = ".:-".utf8.contains(candidate.text[range.upperBound - 1])
            let address = range.lowerBound..<(isSentenceEnd ? range.upperBound - 1 : range.upperBound)
            let isFree = candidate[address.lowerBound - 1]?.isWordByte != true
            guard isFree, candidate[address.upperBound]?.isWordByte != true else { return nil }
            return NetworkAddresses.isMAC(candidate.text[address]) ? address : nil
        }
    ]

    static let cryptoAddress = [
        Detector(
            .cryptoAddress, [.longToken], extent: .bounded(35), lookahead: 12, confidence: .high
        ) { candidate in
            guard let first = candidate[candidate.matchEnd - 24], base58Starts.contains(first) else { return nil }
            let range = candidate.extent(of: .alphanumerics, around: candidate.matchEnd - 1)
            guard (26...35).contains(range.count), candidate[range.lowerBound - 1]?.isWordByte != true else {
                return nil
            }
            return CryptoAddress.isBase58Check(candidate.text[range]) ? range : nil
        },
        Detector(
            .cryptoAddress, [Expression(#"\b(?:bc|tb|bcrt|ltc)1[ac-hj-np-z02-9]{8}"#, isCaseless: true)],
            extent: .bounded(90), lookahead: 80, confidence: .high
        ) { candidate in
            let range = candidate.extent(of: .alphanumerics, around: candidate.matchEnd - 1)
            return CryptoAddress.isSegwit(candidate.text[range]) ? range : nil
        },
        ethereum(context: nil) { CryptoAddress.isEIP55($0) && $0.contains(where: \.isUpper) },
        ethereum(
            context: Context(
                [
                    "eth", "ethereum", "wallet", "address", "contract", "erc20", "evm", "polygon", "token", "usdt",
                    "usdc",
                ],
                isRequired: true)
        ) { !($0.contains(where: \.isUpper) && $0.contains(where: \.isLower)) },
    ]

    /// What addresses of the versions begin with that `CryptoAddress` knows.
    private static let base58Starts = ByteSet("123LMDATmn9")

    private static func ethereum(
        context: Context?, check: @escaping @Sendable ([UInt8]) -> Bool
    ) -> Detector {
        Detector(
            .cryptoAddress, [Expression(#"\b0x[0-9a-fA-F]{17}"#)], extent: .bounded(42), lookahead: 24,
            context: context,
            confidence: .high
        ) { candidate in
            let range = (candidate.matchEnd - 19)..<candidate.end(of: .alphanumerics, from: candidate.matchEnd)
            let digits = candidate.text[(range.lowerBound + 2)..<range.upperBound]
            guard digits.count == 40, digits.allSatisfy(\.isHexDigit), SecretShape.entropy(digits) > 2 else {
                return nil
            }
            return check(Array(digits)) ? range : nil
        }
    }
}
