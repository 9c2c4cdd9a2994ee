import Crypto
import HoopxCore
import HoopxTransparency
import Testing

struct NoteTests {
    /// The example of golang.org/x/mod/sumdb/note.
    static let goKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    static let goSigningKey = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    static let goNote = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

        """

    @Test func aNoteOfGoIsReadAndVerified() throws {
        let note = try SignedNote(Self.goNote)
        #expect(note.encoded == Self.goNote)
        #expect(try LogVerifier(Self.goKey).verify(note) == .valid)
        #expect(try LogVerifier(Self.goKey).description == Self.goKey)
    }

    @Test func aSigningKeyOfGoIsReadAndWritten() throws {
        let signer = try LogSigner(Secret(Self.goSigningKey))
        #expect(signer.verifier.description == Self.goKey)
        #expect(signer.encoded.withValue { $0 == Self.goSigningKey })
    }

    @Test func noTextOfASigningKeyShowsIt() throws {
        let signer = try LogSigner(Secret(Self.goSigningKey))
        var dumped = ""
        dump(signer, to: &dumped)
        for text in ["\(signer)", String(reflecting: signer), dumped] {
            #expect(!text.contains("AYEK") && !text.contains("rawRepresentation"))
        }
    }

    @Test func everyChangedByteOfANoteIsNoticed() throws {
        let verifier = try LogVerifier(Self.goKey)
        let bytes = Array(Self.goNote.utf8)
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            // What is no note any more, or has no signature of the key, counts as little as one that is wrong.
            guard let text = String(validating: changed, as: UTF8.self), let note = try? SignedNote(text) else {
                continue
            }
            #expect(verifier.verify(note) != .valid, "byte \(index)")
        }
    }

    @Test(arguments: [
        "", "text\n", "text\n\n", "\n\n", "text\n\n\u{2014} name\n", "text\n\n\u{2014} na+me AAAAAAA=\n",
        "text\n\n\u{2014} name AAAA\n", "text\n\n\u{2014} name AAAAAAB=\n", "text\n\n- name AAAAAAA=\n",
        "text\n\n\u{2014} name AAAAAAA=", "te\u{1}xt\n\n\u{2014} name AAAAAAA=\n", "text\n\u{2014} name AAAAAAA=\n",
        "text\n\n\u{2014}  AAAAAAA=\n", "text\n\n\u{2014} name\u{a0}x AAAAAAA=\n",
        "text\r\n\r\n\u{2014} name AAAAAAA=\r\n",
    ])
    func whatIsNoNoteIsRefused(_ text: String) {
        #expect(throws: MalformedNote.self) { try SignedNote(text) }
    }

    @Test func theLastEmptyLineEndsTheText() throws {
        let note = try SignedNote("a\n\nb\n\n\u{2014} name AAAAAAA=\n")
        #expect(note.text == "a\n\nb\n")
        #expect(note.signatures.count == 1)
    }

    @Test(arguments: [
        "", "name", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
        "PeterNeumann+-74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ])
    func whatIsNoKeyIsRefused(_ text: String) {
        #expect(throws: MalformedNote.self) { try LogVerifier(text) }
        #expect(throws: MalformedNote.self) { try LogSigner(Secret("PRIVATE+KEY+" + text)) }
    }

    @Test func aWrongSignatureHidesBehindNoRightOne() throws {
        let right = try SignedNote(Self.goNote)
        let verifier = try LogVerifier(Self.goKey)
        let wrong = NoteSignature(
            keyName: verifier.name, keyID: verifier.keyID, bytes: [UInt8](repeating: 0, count: 64))
        #expect(verifier.verify(SignedNote(text: right.text, signatures: right.signatures + [wrong])) == .invalid)
        // Another key of the same name is nobody that the verifier knows.
        let stranger = NoteSignature(keyName: verifier.name, keyID: verifier.keyID ^ 1, bytes: wrong.bytes)
        #expect(verifier.verify(SignedNote(text: right.text, signatures: [stranger])) == .unsigned)
        #expect(verifier.verify(SignedNote(text: right.text, signatures: right.signatures + [stranger])) == .valid)
    }
}
