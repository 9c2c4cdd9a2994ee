import HoopxCore
import Testing

@Suite struct SecretTests {
    private struct Holder {
        let secret: Secret
        let optional: Secret?
        let list: [Secret]
    }

    @Test func noTextOfASecretHoldsIt() {
        let value = "sk-ant-not-to-be-seen"
        let secret = Secret(value)
        let holder = Holder(secret: secret, optional: secret, list: [secret])
        var texts: [String] = []
        for subject: Any in [secret, holder, [secret], ["key": secret], Optional(secret) as Any, (secret, 1)] {
            texts.append("\(subject)")
            texts.append(String(describing: subject))
            texts.append(String(reflecting: subject))
            var dumped = ""
            dump(subject, to: &dumped)
            texts.append(dumped)
            texts += leaves(of: subject, depth: 6)
        }
        for text in texts { #expect(!text.contains(value), "\(text)") }
        #expect("\(secret)" == "<secret>")
    }

    @Test func aSecretCannotBeEncodedOrCompared() {
        let secret: Any = Secret("x")
        #expect(!(secret is any Encodable))
        #expect(!(secret is any Equatable))
        #expect(!(secret is any LosslessStringConvertible))
    }

    @Test func bytesAreEqualOnlyWhereAllAre() {
        let secret = Secret("abc")
        #expect(secret.isEqual(to: Array("abc".utf8)))
        for other in ["", "ab", "abcd", "abd", "xbc", "abc\u{0}"] { #expect(!secret.isEqual(to: Array(other.utf8))) }
        #expect(Secret("").isEqual(to: []))
        // Canonically equivalent is not the same bytes.
        #expect(!Secret("\u{e9}").isEqual(to: Array("e\u{301}".utf8)))
    }

    @Test func theValueLeavesWhereItIsAskedFor() {
        #expect(Secret("abc").withValue { $0 } == "abc")
        #expect(Secret("").isEmpty)
        #expect(!Secret("a").isEmpty)
    }

    /// What reflection finds below a value.
    private func leaves(of subject: Any, depth: Int) -> [String] {
        guard depth > 0 else { return [] }
        return Mirror(reflecting: subject).children.flatMap { child in
            ["\(child.value)"] + leaves(of: child.value, depth: depth - 1)
        }
    }
}
