import HoopxCore
import HoopxTestSupport
import HoopxTransparency
import Testing

struct TimestampTests {
    private static let data = Array("hoopx.local/log\n1\n".utf8)

    private static func withAuthority(_ body: (TimestampAuthority, TemporaryDirectory) throws -> Void) throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        try body(try TimestampAuthority(directory: try directory.directory("tsa")), directory)
    }

    @Test func anAnswerOfOpenSSLVerifiesHereAndThere() throws {
        try Self.withAuthority { authority, _ in
            let before = Timestamp.now().microseconds / 1_000_000
            let request = TimestampRequest(for: Self.data)
            let response = TimestampResponse(der: try authority.reply(to: request.der))
            let time = try response.verify(of: Self.data, request: request, authorities: authority.authorities)
            #expect((before...Timestamp.now().microseconds / 1_000_000).contains(time.microseconds / 1_000_000))
            #expect(try response.verify(of: Self.data, authorities: authority.authorities) == time)
            #expect(try authority.verifies(response.der, of: Self.data))
        }
    }

    @Test func anAnswerForSomethingElseIsRefused() throws {
        try Self.withAuthority { authority, directory in
            let request = TimestampRequest(for: Self.data)
            let response = TimestampResponse(der: try authority.reply(to: request.der))
            #expect(throws: InvalidTimestamp.self) {
                try response.verify(of: Self.data + [0], request: request, authorities: authority.authorities)
            }
            // An older answer, replayed: the data is right, the nonce is not.
            #expect(throws: InvalidTimestamp.self) {
                try response.verify(
                    of: Self.data, request: TimestampRequest(for: Self.data), authorities: authority.authorities)
            }
            // An authority that nobody named.
            let stranger = try TimestampAuthority(directory: try directory.directory("stranger"))
            let found = #expect(throws: InvalidTimestamp.self) {
                try response.verify(of: Self.data, request: request, authorities: stranger.authorities)
            }
            #expect(found?.isUnverifiable == false)
            #expect(found?.found.contains("certificate verify error") == true, "\(String(describing: found))")
        }
    }

    @Test func whatIsNoAnswerIsRefused() throws {
        try Self.withAuthority { authority, directory in
            let request = TimestampRequest(for: Self.data)
            let der = try authority.reply(to: request.der)
            for wrong in [[], [0x30], request.der, Array(der.dropLast()), der + [0]] {
                #expect(throws: InvalidTimestamp.self) {
                    try TimestampResponse(der: wrong).verify(of: Self.data, authorities: authority.authorities)
                }
            }
            let missing = #expect(throws: InvalidTimestamp.self) {
                try TimestampResponse(der: der).verify(of: Self.data, authorities: directory.path + "/none")
            }
            #expect(missing?.isUnverifiable == true)
        }
    }
}
