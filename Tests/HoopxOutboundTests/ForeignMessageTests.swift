import HoopxCore
import Testing

@testable import HoopxOutbound

@Suite struct ForeignMessageTests {
    @Test(arguments: [
        ("invalid_grant", "invalid_grant"), ("two\n lines\t here ", "two lines here"),
        ("\u{1b}[31mred\u{7}", "[31mred"), ("a\u{202e}b\u{2028}c", "a b c"), ("schl\u{fc}ssel", "schl\u{fc}ssel"),
        ("see https://docs.example.com/errors#rule", "see https://docs.example.com/errors#rule"), ("", ""),
    ])
    func wordsStayAndWhatATerminalWouldActOnGoes(text: String, shown: String) {
        #expect(ForeignMessage.shown(text, hiding: []) == shown)
    }

    @Test(arguments: [
        "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJyZXBvIn0.c2lnbmF0dXJl", "sk-ant-oat01-0123456789abcdef0123", "hunter2",
    ])
    func noPartOfASecretIsShown(secret: String) {
        for text in [
            secret, "no \(secret) here", "x\(secret)x", String(secret.dropFirst(3)) + " and", "\"\(secret)\",",
        ] {
            let shown = ForeignMessage.shown(text, hiding: [Secret(secret)])
            for start in secret.indices where secret[start...].count >= 8 {
                #expect(!shown.contains(secret[start...].prefix(8)), "\(shown)")
            }
            if secret.count < 8, text.contains(secret) { #expect(!shown.contains(secret)) }
        }
    }

    @Test(arguments: [
        ("token ghp_16C7e42F292c6912E7710c838347Ae178B4a is bad", "token *** is bad"),
        ("(eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln)", "(***)"),
        ("Trace ID: 8f2f5cd1-93a8-4c53-a3d1-0f1f6a4b2c00", "Trace ID: 8f2f5cd1-93a8-4c53-a3d1-0f1f6a4b2c00"),
    ])
    func whatLooksLikeACredentialIsNotShownEither(text: String, shown: String) {
        #expect(ForeignMessage.shown(text, hiding: []) == shown)
    }

    @Test func aLongTextIsCutWhereItSaysLeast() {
        let text = "begin " + String(repeating: "very ", count: 40_000) + "end"
        #expect(ForeignMessage.shown(text, hiding: [], limit: 10) == "begin very...")
        #expect(ForeignMessage.shown(text, hiding: [], limit: 10, keeping: .end) == "...y very end")
    }
}
