import HoopxCore

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
        return try node.duration(such: "off, 90d or 12h")
    }

    private func anchors(_ node: ConfigurationNode?) throws(HoopxError) -> [AuditConfiguration.Anchor] {
        guard let node, !node.isNull else { return [] }
        var anchors: [AuditConfiguration.Anchor] = []
        for item in try node.items() { anchors.append(try anchor(item)) }
        return anchors
    }

    private func anchor(_ node: ConfigurationNode) throws(HoopxError) -> AuditConfiguration.Anchor {
        let fields = try node.fields(["file", "directory", "tsa", "tsa_ca", "witness"])
        let named = fields.filter { $0.key != "tsa_ca" }
        guard named.count == 1 else {
            throw node.error(
                "expected one of file, directory, tsa, witness in an item of \(node.key)",
                hint: "each anchor is an item of its own, such as - file: ~/checkpoints")
        }
        if fields["tsa"] == nil, let authority = fields["tsa_ca"] {
            throw authority.error("tsa_ca belongs to an anchor with tsa")
        }
        let authority = try fields["tsa_ca"].map { node throws(HoopxError) in paths.absolute(try node.text()) }
        if let file = fields["file"] { return .file(paths.absolute(try file.text())) }
        if let directory = fields["directory"] { return .directory(paths.absolute(try directory.text())) }
        if let witness = fields["witness"] { return .witness(url: try witness.url()) }
        guard let tsa = fields["tsa"] else { throw node.error("expected tsa in an item of \(node.key)") }
        // Only a hash is sent, and what comes back is signed: many authorities have no https.
        return .timestampAuthority(url: try tsa.url(allowingPlain: true), authorityFile: authority)
    }
}
