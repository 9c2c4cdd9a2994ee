import HoopxCore
import HoopxOutbound
import Testing

@testable import HoopxIdentity

struct DeviceAuthorizationTests {
    private func answer(_ changes: [String: String?] = [:]) throws -> OAuthClient.Answer {
        var members: [String: String?] = [
            "device_code": #""dc""#, "user_code": #""WDJB-MJHT""#, "verification_uri": #""https://a.example/device""#,
            "expires_in": "600",
        ]
        for (name, value) in changes { members[name] = .some(value) }
        let body =
            "{" + members.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }.joined(separator: ",") + "}"
        let response = ControlResponse(
            status: 200, fields: [("Content-Type", "application/json")], body: Array(body.utf8))
        return OAuthClient.Answer(
            url: try #require(ControlURL("https://a.example/da")), response: response,
            document: OAuthDocument(response.body))
    }

    private func authorization(_ changes: [String: String?] = [:]) throws -> DeviceAuthorization {
        try DeviceAuthorization(try answer(changes))
    }

    @Test func whatIsNotSaidHasTheRFCsDefault() throws {
        let authorization = try authorization()
        #expect(authorization.interval == .seconds(5))
        #expect(authorization.lifetime == .seconds(600))
        #expect(authorization.verificationURIComplete == nil)
    }

    private static let intervals: [(String, Int)] = [
        ("0", 1), ("1", 1), ("7", 7), ("\"8\"", 8), ("600", 60), ("1e300", 5), ("-3", 5), ("null", 5),
    ]

    @Test(arguments: intervals)
    func theIntervalStaysWithinBounds(_ said: String, _ seconds: Int) throws {
        #expect(try authorization(["interval": said]).interval == .seconds(seconds))
    }

    @Test func aCodeLivesForAnHourAtMost() throws {
        #expect(try authorization(["expires_in": "2147483648"]).lifetime == .seconds(3_600))
    }

    @Test(arguments: [
        #""http://a.example/device""#, #""javascript:alert(1)""#, #""https://user@a.example/""#,
        #""https://a.example/\u001b[2J""#, #""https://a.example/\u202e""#, #""https://a.example/`id`""#,
        #""https://a.example/\"&calc""#, #""https://a.example/<x>""#, #""https://a.example/#{a|b}""#, "7", "null",
        "\"\"",
    ])
    func nobodyIsSentToAnAddressLikeThis(_ uri: String) throws {
        #expect(throws: OAuthFailure.self) { try authorization(["verification_uri": uri]) }
        #expect(try authorization(["verification_uri_complete": uri]).verificationURIComplete == nil)
    }

    @Test func loopbackAndFragmentsAreAllowedAndGooglesSpelling() throws {
        let local = try authorization(["verification_uri": #""http://127.0.0.1:8080/device""#])
        #expect(local.verificationURI == "http://127.0.0.1:8080/device")
        let page = try authorization(["verification_uri_complete": #""https://a.example/#/device?code=X""#])
        #expect(page.verificationURIComplete == "https://a.example/#/device?code=X")
        let google = try authorization(["verification_uri": nil, "verification_url": #""https://g.example/device""#])
        #expect(google.verificationURI == "https://g.example/device")
    }

    @Test(arguments: [
        #""\u001b[31mX""#, #""A\u202eB""#, "\"\(String(repeating: "A", count: 65))\"", "\"\"", "12", "null",
    ])
    func aUserCodeIsShortAndPrintable(_ code: String) throws {
        #expect(throws: OAuthFailure.self) { try authorization(["user_code": code]) }
    }

    @Test func aDeviceCodeIsBounded() throws {
        let codes = [4_096, 4_097].map { "\"\(String(repeating: "d", count: $0))\"" }
        _ = try authorization(["device_code": codes[0]])
        #expect(throws: OAuthFailure.self) { try authorization(["device_code": codes[1]]) }
    }

    @Test(
        arguments: [("device_code", nil), ("device_code", "5"), ("expires_in", nil), ("expires_in", "0")]
            as [(String, String?)])
    func whatCannotBeDoneWithoutIsMissed(_ name: String, _ value: String?) throws {
        #expect(throws: OAuthFailure.self) { try authorization([name: value]) }
    }
}
