import Crypto
import HoopxCore

/// What is common to the keys of signed notes.
enum NoteKey {
    /// The signature types of C2SP signed-note that hoopx knows.
    enum Algorithm: UInt8 {
        case ed25519 = 0x01
        /// C2SP tlog-cosignature.
        case cosignature = 0x04
    }

    /// Neither spaces nor plus signs, which divide the texts that names stand in.
    static func isName(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.unicodeScalars.allSatisfy { scalar in
                !scalar.properties.isWhitespace && scalar != "+" && scalar.value >= 0x20 && scalar.value != 0x7f
            }
    }

    static func id(name: String, algorithm: Algorithm, publicKey: [UInt8]) -> UInt32 {
        SHA256.hash(data: Array(name.utf8) + [0x0a, algorithm.rawValue] + publicKey)
            .prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// A key as `name+id+base64` writes it, whichever kind of key it is.
    struct Encoded {
        let name: String
        let id: UInt32
        /// An algorithm, and the key.
        let material: [UInt8]

        init?(_ text: some StringProtocol) {
            // The base64 text may hold plus signs, the others do not.
            let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, isName(parts[0]), parts[1].utf8.count == 8, let id = UInt32(parts[1], radix: 16),
                let material = Base64.decode(parts[2].utf8), material.count == 33
            else { return nil }
            name = String(parts[0])
            self.id = id
            self.material = material
        }

        static func encode(name: String, id: UInt32, algorithm: Algorithm, key: [UInt8]) -> String {
            "\(name)+\(Hexadecimal.text(of: id))+\(Base64.encode([algorithm.rawValue] + key))"
        }
    }
}
