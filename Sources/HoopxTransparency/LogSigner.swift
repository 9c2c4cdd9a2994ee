import Crypto
import HoopxCore

/// A log's Ed25519 key (C2SP signed-note).
public struct LogSigner: Sendable, CustomStringConvertible, CustomReflectable {
    /// What everyone may know of it.
    public let verifier: LogVerifier
    private let key: Curve25519.Signing.PrivateKey

    private init(origin: String, key: Curve25519.Signing.PrivateKey) {
        self.key = key
        verifier = LogVerifier(name: origin, algorithm: .ed25519, publicKey: Array(key.publicKey.rawRepresentation))
    }

    /// Makes a key.
    ///
    /// - Parameter origin: the log's name, without spaces and plus signs.
    public static func generate(origin: String) -> LogSigner {
        precondition(NoteKey.isName(origin))
        return LogSigner(origin: origin, key: Curve25519.Signing.PrivateKey())
    }

    /// Reads `PRIVATE+KEY+name+id+base64(0x01 || seed)`, as Go's golang.org/x/mod/sumdb/note does.
    public init(_ text: Secret) throws(MalformedNote) {
        let malformed = MalformedNote("it is no Ed25519 signing key of a note")
        let encoded = text.withValue { text in
            text.hasPrefix(Self.prefix) ? NoteKey.Encoded(text.dropFirst(Self.prefix.count)) : nil
        }
        guard let encoded, encoded.material[0] == NoteKey.Algorithm.ed25519.rawValue,
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: encoded.material[1...])
        else { throw malformed }
        self.init(origin: encoded.name, key: key)
        guard verifier.keyID == encoded.id else { throw malformed }
    }

    /// As `init` reads it.
    public var encoded: Secret {
        Secret(
            Self.prefix
                + NoteKey.Encoded.encode(
                    name: verifier.name, id: verifier.keyID, algorithm: .ed25519, key: Array(key.rawRepresentation)))
    }

    /// Signs the log's state. The caller answers for it that no two of one log contradict each other.
    public func sign(_ checkpoint: Checkpoint) throws -> SignedNote {
        let text = checkpoint.noteText
        let signature = Array(try key.signature(for: Array(text.utf8)))
        return SignedNote(
            text: text,
            signatures: [NoteSignature(keyName: verifier.name, keyID: verifier.keyID, bytes: signature)])
    }

    public var description: String { "<signing key of \(verifier.name)>" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    private static let prefix = "PRIVATE+KEY+"
}
