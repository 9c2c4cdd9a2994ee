import HoopxCore
import HoopxTransparency

/// Reads the section `audit`.
struct AuditReader {
    let paths: FilePaths

    /// - Parameter node: nil where the file has no such section.
    func read(_ node: ConfigurationNode?) throws(HoopxError) -> AuditConfiguration {
        guard let node, !node.isNull else { return AuditConfiguration() }
        let fields = try node.fields([
            "exec", "durability", "bodies", "max_body", "checkpoint_every", "retention", "anchors",
        ])
        let standard = AuditConfiguration()
        return AuditConfiguration(
            recordsExecutions: try fields["exec"]?.truth() ?? standard.recordsExecutions,
            durability: try fields["durability"]?.choice(of: AuditConfiguration.Durability.self) ?? standard.durability,
            recordsBodies: try fields["bodies"]?.truth() ?? standard.recordsBodies,
            maximumBody: try fields["max_body"]?.size(in: 1 << 10...1 << 30) ?? standard.maximumBody,
            checkpointInterval: try fields["checkpoint_every"]?.number(in: 1...1_000_000)
                ?? standard.checkpointInterval,
            retention: try retention(fields["retention"]),
            anchors: try anchors(fields["anchors"]))
    }

    private func retention(_ node: ConfigurationNode?) throws(HoopxError) -> Duration? {
        guard let node, try node.text() != "off" else { return nil }
        return try node.duration(days: true)
    }

    private func anchors(_ node: ConfigurationNode?) throws(HoopxError) -> [AuditConfiguration.Anchor] {
        guard let node, !node.isNull else { return [] }
        var anchors: [AuditConfiguration.Anchor] = []
        for item in try node.items() { anchors.append(try anchor(item)) }
        return anchors
    }

    private func anchor(_ node: ConfigurationNode) throws(HoopxError) -> AuditConfiguration.Anchor {
        let companions = ["tsa": "tsa_ca", "witness": "key"]
        let fields = try node.fields(["file", "directory", "tsa", "tsa_ca", "witness", "key"])
        let kinds = fields.keys.filter { !companions.values.contains($0) }
        guard kinds.count == 1, let kind = kinds.first, let value = fields[kind] else {
            throw node.error(
                "expected one of file, directory, tsa, witness in an item of \(node.key)",
                hint: "each anchor is an item of its own, such as - file: ~/checkpoints")
        }
        for (owner, key) in companions.sorted(by: { $0.key < $1.key }) {
            guard let stray = fields[key], owner != kind else { continue }
            throw stray.error("\(key) belongs to an anchor with \(owner)")
        }
        switch kind {
        case "file": return .file(paths.absolute(try value.text()))
        case "directory": return .directory(paths.absolute(try value.text()))
        case "tsa":
            guard let authority = fields["tsa_ca"] else {
                throw node.error(
                    "expected the key tsa_ca beside tsa", hint: "a PEM file: without it no answer can be verified")
            }
            // Only a hash is sent, and what comes back is signed: many authorities have no https.
            return .timestampAuthority(
                url: try value.url(allowingPlain: true), authorityFile: paths.absolute(try authority.text()))
        default:
            guard let key = fields["key"] else {
                throw node.error(
                    "expected the key named key beside witness",
                    hint: "NAME+ID+BASE64, as its operator publishes it: without it no answer can be verified")
            }
            return .witness(url: try value.url(), key: try witnessKey(key))
        }
    }

    private func witnessKey(_ node: ConfigurationNode) throws(HoopxError) -> LogVerifier {
        let text = try node.text()
        do throws(MalformedNote) {
            return try LogVerifier(witness: text)
        } catch {
            throw node.error(
                "expected a witness's key for \(node.key): \(error.found)", hint: "its operator publishes it")
        }
    }
}
