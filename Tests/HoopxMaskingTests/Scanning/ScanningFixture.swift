import HoopxMasking

/// Small detectors of each kind of run and hold, so that the scanner is tested apart from what it finds.
enum ScanningFixture {
    static let card = Detector(
        EntityType(rawValue: "CARD"), [.init("[0-9](?:[ -]?[0-9]){12}")], extent: .bounded(40),
        run: .init(.digits, joiners: ByteSet(" -"), maximumJoin: 1), lookahead: 40, confidence: .high
    ) { candidate in
        // The whole run, where it has 13 to 19 digits and the check digit fits (ISO/IEC 7812-1, annex B).
        var end = candidate.matchEnd
        while let byte = candidate[end], ByteSet.digits.contains(byte) || byte == 32 || byte == 45 { end += 1 }
        while end > candidate.runStart, !ByteSet.digits.contains(candidate.text[end - 1]) { end -= 1 }
        let digits = candidate.text[candidate.runStart..<end].filter { ByteSet.digits.contains($0) }.map {
            Int($0) - 48
        }
        guard (13...19).contains(digits.count) else { return nil }
        let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
            digit.offset % 2 == 0 ? sum + digit.element : sum + digit.element * 2 / 10 + digit.element * 2 % 10
        }
        return sum % 10 == 0 ? candidate.runStart..<end : nil
    }

    static let mail = Detector(
        EntityType(rawValue: "MAIL"), [.init("[a-z0-9]@[a-z0-9]", isCaseless: true)], extent: .bounded(254),
        lookahead: 254,
        confidence: .medium
    ) { candidate in
        let letters = ByteSet.alphanumerics + ByteSet("._-")
        var start = candidate.matchEnd - 2
        while let byte = candidate[start - 1], letters.contains(byte), start > candidate.runStart { start -= 1 }
        var end = candidate.matchEnd
        while let byte = candidate[end], letters.contains(byte) { end += 1 }
        return candidate.text[start..<end].contains(UInt8(ascii: ".")) ? start..<end : nil
    }

    /// Made of what prose is made of, and held only from its first four characters on.
    static let account = Detector(
        EntityType(rawValue: "ACCOUNT"), [.init("\\b[A-Z]{2}[0-9]{2}")], extent: .bounded(42),
        run: .init(.alphanumerics, joiners: ByteSet(" "), maximumJoin: 1), holds: .match, lookahead: 42,
        confidence: .medium
    ) { candidate in
        var end = candidate.matchEnd
        while let byte = candidate[end],
            ByteSet.upperCase.contains(byte) || ByteSet.digits.contains(byte) || byte == 32,
            end - candidate.matchEnd < 30
        {
            end += 1
        }
        while end > candidate.matchEnd, candidate.text[end - 1] == 32 { end -= 1 }
        return end - candidate.matchEnd >= 8 ? (candidate.matchEnd - 4)..<end : nil
    }

    static let password = Detector(
        EntityType(rawValue: "PASSWORD"), [.init("password[\"']?\\s*[:=]\\s*[\"']?[^\\s\"']", isCaseless: true)],
        extent: .bounded(64),
        run: .init(.token - ByteSet("=:")), holds: .match, lookahead: 64, confidence: .medium
    ) { candidate in
        var end = candidate.matchEnd
        while let byte = candidate[end], ByteSet.token.contains(byte), byte != 61, byte != 58 { end += 1 }
        return candidate.matchEnd - 1 < end && end - candidate.matchEnd < 64 ? (candidate.matchEnd - 1)..<end : nil
    }

    static let number = Detector(
        EntityType(rawValue: "NUMBER"), [.init("\\b[0-9]{4}\\b")], extent: .bounded(4), lookahead: 1,
        context: .init(["pin", "secret number"], isRequired: true), confidence: .low
    ) { candidate in (candidate.matchEnd - 4)..<candidate.matchEnd }

    static let key = Detector(
        EntityType(rawValue: "KEY"), [.init("-----BEGIN [A-Z ]{0,20}KEY-----")],
        extent: .block(members: .alphanumerics + ByteSet("+/=- \n\r\\"), end: "KEY-----", limit: 3000), holds: .match,
        lookahead: 0, confidence: .high
    ) { candidate in candidate.matchEnd..<candidate.matchEnd }

    /// Any length, from its prefix on.
    static let bearer = Detector(
        EntityType(rawValue: "BEARER"), [.init("bearer [a-z0-9]{4}", isCaseless: true)],
        extent: .block(members: .alphanumerics, end: "", limit: 4000), run: .init(.alphanumerics), holds: .match,
        lookahead: 0, confidence: .high
    ) { candidate in (candidate.matchEnd - 4)..<candidate.matchEnd }

    /// Known by its length alone.
    static let digest = Detector(
        EntityType(rawValue: "DIGEST"), [.longToken], extent: .bounded(40), run: .init(.hexadecimal), lookahead: 20,
        confidence: .low
    ) { candidate in
        var end = candidate.runStart
        while let byte = candidate[end], ByteSet.hexadecimal.contains(byte) { end += 1 }
        return end - candidate.runStart == 32 ? candidate.runStart..<end : nil
    }

    static let detectors = [card, mail, account, password, number, key, bearer, digest]

    /// What stands in texts of the property tests: values, parts of values, and what surrounds them.
    static let parts = [
        "4111 1111 1111 1111", "4111111111111111", "4111-1111-1111-1112", "5500 0000 0000 0004", "1234",
        "secret number 8123",
        "pin: 4711", "bob@example.com", "bob@", "@example.com", "a.b-c@d.e", "DE89 3704 0044 0532 0130 00", "DE89",
        "GB82 WEST",
        "password=hunter2", "\"password\": \"open sesame\"", "password = ",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEow+/=\n",
        "-----END RSA PRIVATE KEY-----", "-----BEGIN KEY-----", " ", " ", "\n", ", ", "and then ", "THE END ",
        "Bearer abcdefgh12345678", "bearer 41", "0123456789abcdef0123456789abcdef", "0123456789abcdef", "x", "7",
        "-",
        "\\u0034\\u0031", "\\u0040", "\\n", "\\\"", "\\/", "\\\\n", "\\", "%40", "%34", "%", "%3", "%20", "４１１１",
        "\u{A0}",
        "\u{2011}", "\u{200B}", "é", "日本", "😀", "\\ud83d\\ude00", "\\ud83d", "\\uFF14", "\u{661}",
        "cGFzc3dvcmQ9aHVudGVyMiBmb3IgYm9iQGV4YW1wbGUuY29t", "NDExMSAxMTExIDExMTEgMTExMSBpcyBhIGNhcmQ=",
    ]
}
