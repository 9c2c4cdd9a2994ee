import HoopxCore
import HoopxJSON

/// An issuer's metadata and keys with the moments of their fetch, as JSON: what a later run starts from.
struct IssuerSnapshot: Sendable {
    private static let version = 1.0
    /// In bytes. A full set of the longest keys is smaller.
    static let maximumLength = 256 << 10

    let metadata: Fetched<IssuerMetadata>
    let keys: Fetched<KeySet>

    init(metadata: Fetched<IssuerMetadata>, keys: Fetched<KeySet>) {
        self.metadata = metadata
        self.keys = keys
    }

    /// - Returns: nil for what `bytes` did not write, and for another issuer's.
    init?(_ bytes: [UInt8], of issuer: String) {
        guard bytes.count <= Self.maximumLength, let document = try? JSONValue(json: bytes),
            document["version"] == .number(Self.version),
            let metadata = Self.part("metadata", of: document), let keys = Self.part("keys", of: document),
            let readMetadata = try? IssuerMetadata(metadata.value, configured: issuer),
            let readKeys = try? KeySet(keys.value)
        else { return nil }
        self.metadata = Fetched(value: readMetadata, at: metadata.at, lifetime: metadata.lifetime)
        self.keys = Fetched(value: readKeys, at: keys.at, lifetime: keys.lifetime)
    }

    var bytes: [UInt8] {
        let document = JSONValue.object([
            "version": .number(Self.version),
            "metadata": Self.part(metadata, metadata.value.document),
            "keys": Self.part(keys, keys.value.document),
        ])
        return Array(document.json.utf8)
    }

    private static func part<Value>(_ fetched: Fetched<Value>, _ document: JSONValue) -> JSONValue {
        .object([
            "document": document,
            "fetched_at": .number(Double(fetched.at.microseconds)),
            "lifetime": .number(Double(fetched.lifetime)),
        ])
    }

    private static func part(_ name: String, of document: JSONValue) -> Fetched<JSONValue>? {
        guard let part = document[name], let content = part["document"], case .number(let at)? = part["fetched_at"],
            case .number(let lifetime)? = part["lifetime"], let at = Int64(exactly: at),
            abs(Double(at)) <= JSONValue.exactLimit, let lifetime = Int64(exactly: lifetime)
        else { return nil }
        return Fetched(value: content, at: Timestamp(microseconds: at), lifetime: KeyLifetime.clamped(lifetime))
    }
}
