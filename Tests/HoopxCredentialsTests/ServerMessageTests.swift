import HoopxCore
import Testing

@testable import HoopxCredentials

struct ServerMessageTests {
    @Test(arguments: [
        ("no", "no"), ("a\n\tb\u{1b}[31m c", "a b [31m c"), (String(repeating: "x", count: 500), nil),
        ("the token abcdefghijklmnop is bad", "the token [...] is bad"), ("xabcdefghijklx", "x[...]x"),
        ("part: fghijklmnopq.", "part: [...]."), ("abcdefghijk", "abcdefghijk"),
    ])
    func whatAServerSaysIsShortAndWithoutTheSecret(received: String, shown: String?) {
        let message = ServerMessage(received, hiding: [Secret("other"), Secret("abcdefghijklmnopqrstuvwxyz")]).text
        #expect(message.utf8.count <= ServerMessage.limit + 3)
        if let shown { #expect(message == shown) }
    }
}
