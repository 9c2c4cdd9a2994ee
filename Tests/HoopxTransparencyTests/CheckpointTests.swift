import HoopxCore
import HoopxTransparency
import Testing

struct CheckpointTests {
    /// The examples of C2SP tlog-checkpoint and tlog-cosignature.
    static let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

    private static func checkpoint(_ text: String) throws(MalformedNote) -> Checkpoint {
        try Checkpoint(SignedNote(text: text, signatures: []))
    }

    @Test func aCheckpointIsReadAndWritten() throws {
        let checkpoint = try Self.checkpoint(Self.text)
        #expect(checkpoint.origin == "example.com/behind-the-sofa")
        #expect(checkpoint.size == 20_852_163)
        #expect(checkpoint.root.base64 == "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
        #expect(checkpoint.extensions.isEmpty)
        #expect(checkpoint.noteText == Self.text)
        let extended = try Self.checkpoint(Self.text + "more\nand more\n")
        #expect(extended.extensions == ["more", "and more"])
        #expect(extended.noteText == Self.text + "more\nand more\n")
    }

    @Test(arguments: [
        "", "a\n", "a\n1\n", "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n+1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n9223372036854775808\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n", "a\n1\nAAAA\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\nb\n",
    ])
    func whatIsNoCheckpointIsRefused(_ text: String) {
        #expect(throws: MalformedNote.self) { try Self.checkpoint(text) }
    }

    @Test func aSignedCheckpointVerifiesWithItsKeyAlone() throws {
        let signer = LogSigner.generate(origin: "hoopx.local/log")
        let checkpoint = Checkpoint(origin: "hoopx.local/log", size: 3, root: .ofNothing)
        let note = try SignedNote(try signer.sign(checkpoint).encoded)
        #expect(try Checkpoint(note) == checkpoint)
        #expect(signer.verifier.verify(note) == .valid)
        #expect(LogSigner.generate(origin: "hoopx.local/log").verifier.verify(note) == .unsigned)
        // Read back from its text the key is the same.
        #expect(try LogSigner(signer.encoded).verifier == signer.verifier)
    }

    @Test func aCosignatureIsOfATimeAndACheckpoint() throws {
        let witness = CosignerKey(name: "witness.example/w1")
        let verifier = try LogVerifier(witness.verifierKey)
        #expect(verifier.isCosigner)
        let text = Self.text
        let signature = try witness.cosign(text, time: 1_679_315_147)
        #expect(verifier.verify(SignedNote(text: text, signatures: [signature])) == .valid)
        #expect(Cosignature(signature)?.time == 1_679_315_147)
        #expect(verifier.verify(SignedNote(text: text + "more\n", signatures: [signature])) == .invalid)
        var later = signature.bytes
        later[7] ^= 1
        let changed = NoteSignature(keyName: signature.keyName, keyID: signature.keyID, bytes: later)
        #expect(verifier.verify(SignedNote(text: text, signatures: [changed])) == .invalid)
        // A log's signature by the same key is no cosignature.
        let short = NoteSignature(
            keyName: signature.keyName, keyID: signature.keyID, bytes: Array(signature.bytes[8...]))
        #expect(verifier.verify(SignedNote(text: text, signatures: [short])) == .invalid)
    }

    @Test func aProofIsReadAndWritten() throws {
        let tree = ReferenceTree(size: 9)
        let signer = LogSigner.generate(origin: "hoopx.local/log")
        let note = try signer.sign(Checkpoint(origin: "hoopx.local/log", size: 9, root: tree.root(size: 9)))
        for index in [0, 8] as [Int64] {
            let proof = TransparencyProof(InclusionProof(of: index, treeSize: 9, in: tree), checkpoint: note)
            #expect(try TransparencyProof(proof.encoded) == proof)
            let lines = proof.encoded.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines[0] == "c2sp.org/tlog-proof@v1")
            #expect(lines[1] == "index \(index)")
            let leaf = Array("leaf \(index)".utf8)
            let withExtra = TransparencyProof(
                InclusionProof(of: index, treeSize: 9, in: tree), checkpoint: note, extra: leaf)
            #expect(try TransparencyProof(withExtra.encoded) == withExtra)
            #expect(withExtra.encoded.split(separator: "\n")[1].hasPrefix("extra bGVhZi"))
        }
    }

    @Test(arguments: [
        "", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v2\nindex 0\n\nNOTE",
        "c2sp.org/tlog-proof@v1\nindex -1\n\nNOTE",
        "c2sp.org/tlog-proof@v1\nextra =\nindex 0\n\nNOTE", "c2sp.org/tlog-proof@v1\nindex 01\n\nNOTE",
        "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nNOTE",
        "c2sp.org/tlog-proof@v1\nindex 0\n", "c2sp.org/tlog-proof@v1\nindex 0\n\n",
    ])
    func whatIsNoProofIsRefused(_ text: String) {
        let text = text.split(separator: "NOTE", omittingEmptySubsequences: false).joined(separator: NoteTests.goNote)
        #expect(throws: MalformedNote.self) { try TransparencyProof(text) }
    }
}
