import Crypto
import HoopxTransparency

/// The key of a witness, made from C2SP tlog-cosignature and not from what is tested.
struct CosignerKey {
    let name: String
    private let key = Curve25519.Signing.PrivateKey()

    init(name: String) { self.name = name }

    private var material: [UInt8] { [0x04] + key.publicKey.rawRepresentation }

    private var id: UInt32 {
        SHA256.hash(data: Array((name + "\n").utf8) + material).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    var verifierKey: String {
        let digits = String(id, radix: 16)
        return "\(name)+\(String(repeating: "0", count: 8 - digits.count))\(digits)+\(encoded(material))"
    }

    func cosign(_ text: String, time: UInt64) throws -> NoteSignature {
        let message = "cosignature/v1\ntime \(time)\n\(text)"
        let bytes = withUnsafeBytes(of: time.bigEndian) { Array($0) } + (try key.signature(for: Array(message.utf8)))
        return NoteSignature(keyName: name, keyID: id, bytes: bytes)
    }

    /// base64 of a number of bytes that needs no padding.
    private func encoded(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        precondition(bytes.count.isMultiple(of: 3))
        return String(
            stride(from: 0, to: bytes.count, by: 3).flatMap { start in
                let bits = bytes[start..<start + 3].reduce(0) { $0 << 8 | Int($1) }
                return [18, 12, 6, 0].map { alphabet[bits >> $0 & 63] }
            })
    }
}
