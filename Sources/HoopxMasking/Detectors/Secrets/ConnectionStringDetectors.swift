/// Passwords within what says how to connect to a service: only the password is the value, the rest stays readable.
extension Detector {
    static let connectionString = [
        // postgres://user:password@host/database (RFC 3986, 3.2.1), of any scheme.
        Detector(
            .connectionString, [Expression(#":\/\/[^\s\/@:"'<>]{0,40}:[^\s\/@"'<>]"#)], extent: .bounded(128),
            run: Run(.all - .whitespace - ByteSet("\"'`<>")), holds: .match, lookahead: 160, confidence: .high
        ) { candidate in
            let start = candidate.matchEnd - 1
            let rest = candidate.end(of: .all - .whitespace - ByteSet("\"'`<>"), from: start)
            guard let at = candidate.text[start..<rest].firstIndex(of: UInt8(ascii: "@")), at > start else {
                return nil
            }
            let password = candidate.text[start..<at]
            // `http://host:8080/@x` has a port.
            let port = password.prefix(while: \.isDigit)
            let isPort = port.count <= 5 && port.count < password.count && "/?#".utf8.contains(password[port.endIndex])
            let isReference = "$%{*".utf8.contains(candidate.text[start])
            guard !isPort, !isReference, candidate[at + 1].map({ $0.isWordByte || $0 == UInt8(ascii: "[") }) == true
            else {
                return nil
            }
            return start..<at
        },
        // Server=…;User Id=…;Password=…; (ADO.NET, ODBC, JDBC)
        Detector(
            .connectionString, [Expression(#";\s{0,2}(?:password|pwd)\s?=\s?[^\s;"'=]"#, isCaseless: true)],
            extent: .bounded(128), run: Run(.all - .whitespace - ByteSet("\"'`<>")), holds: .match, lookahead: 129,
            confidence: .high
        ) { candidate in
            let start = candidate.matchEnd - 1
            let end = candidate.end(of: .all - .whitespace - ByteSet("\"'`<>;"), from: start)
            return "$%{*".utf8.contains(candidate.text[start]) ? nil : start..<end
        },
    ]
}
