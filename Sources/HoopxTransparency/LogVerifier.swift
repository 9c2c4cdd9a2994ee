import Crypto

/// The public half of a log's or a witness's key.
public struct LogVerifier: Hashable, Sendable, CustomStringConvertible {
    /// The key's name: for a log its origin.
    public let name: String
    /// What tells keys of one name apart.
    public let keyID: UInt32
    private let algorithm: NoteKey.Algorithm
    /// 32 bytes (RFC 8032).
    private let publicKey: [UInt8]

    init(name: String, algorithm: NoteKey.Algorithm, publicKey: [UInt8]) {
        self.name = name
        self.algorithm = algorithm
        self.publicKey = publicKey
        keyID = NoteKey.id(name: name, algorithm: algorithm, publicKey: publicKey)
    }

    /// Reads `name+id+base64(algorithm || public key)`, the "vkey" of C2SP signed-note.
    public init(_ text: String) throws(MalformedNote) {
        guard let encoded = NoteKey.Encoded(text) else {
            throw MalformedNote(
                "it is not name+id+key, as in example.com/log+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
        }
        guard let algorithm = NoteKey.Algorithm(rawValue: encoded.material[0]) else {
            throw MalformedNote("its algorithm is not Ed25519")
        }
        self.init(name: encoded.name, algorithm: algorithm, publicKey: Array(encoded.material[1...]))
        guard keyID == encoded.id else { throw MalformedNote("its id is not that of its name and key") }
    }

    /// The same for the key of a witness, whose algorithm is another than a log's.
    public init(witness text: String) throws(MalformedNote) {
        try self.init(text)
        guard isCosigner else { throw MalformedNote("it is a log's key, not a witness's, whose algorithm is 4") }
    }

    /// The "vkey" of C2SP signed-note.
    public var description: String {
        NoteKey.Encoded.encode(name: name, id: keyID, algorithm: algorithm, key: publicKey)
    }

    /// Whether it is a witness's, whose signatures have a time (C2SP tlog-cosignature).
    public var isCosigner: Bool { algorithm == .cosignature }

    /// What a note says of this key.
    public enum Finding: Hashable, Sendable {
        /// It has no signature of this key.
        case unsigned
        case valid
        /// It has a signature of this key that is none.
        case invalid
    }

    /// Verifies a note's signatures by this key: all of them, so that none that is wrong hides behind one that is right.
    public func verify(_ note: SignedNote) -> Finding {
        let mine = note.signatures.filter { $0.keyName == name && $0.keyID == keyID }
        guard !mine.isEmpty else { return .unsigned }
        return mine.allSatisfy { isValid($0, of: note.text) } ? .valid : .invalid
    }

    private func isValid(_ signature: NoteSignature, of text: String) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        switch algorithm {
        case .ed25519:
            return key.isValidSignature(signature.bytes, for: Array(text.utf8))
        case .cosignature:
            guard let cosignature = Cosignature(signature) else { return false }
            return key.isValidSignature(cosignature.signature, for: cosignature.message(for: text))
        }
    }
}
