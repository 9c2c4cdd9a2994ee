import HoopxCore
import Testing

@testable import HoopxIdentity

struct OAuthFailureTests {
    @Test func aRefusalIsShownInOneShortPrintableLine() {
        let refusal = OAuthRefusal(
            code: "invalid_grant", explanation: "no\u{1b}[2J\nhoopx: hint: run\u{202e} this", sent: [])
        #expect(refusal.description == "invalid_grant (no [2J hoopx: hint: run this)")
        let long = OAuthRefusal(
            code: String(repeating: "x y ", count: 5_000), explanation: String(repeating: "word ", count: 50_000),
            sent: [])
        #expect(long.description.count < 300)
    }

    @Test func noPartOfATokenComesBackInARefusal() {
        let token = Secret("short-secret")
        let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl"
        let refusal = OAuthRefusal(
            code: "invalid_grant", explanation: "the token (short-secret) or \(jwt) is not known", sent: [token])
        #expect(refusal.description == "invalid_grant (the token (***) or *** is not known)")
    }

    @Test func aTraceNumberStaysReadable() {
        let refusal = OAuthRefusal(
            code: "x", explanation: "Trace ID: 8f2f5cd1-93a8-4c53-a3d1-0f1f6a4b2c00", sent: [])
        #expect(refusal.description.contains("8f2f5cd1-93a8-4c53-a3d1-0f1f6a4b2c00"))
    }
}
