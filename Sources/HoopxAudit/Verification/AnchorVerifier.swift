import HoopxCore
import HoopxTransparency

/// Verifies what time-stamping authorities and witnesses have signed of the log's checkpoints.
struct AnchorVerifier {
    /// A PEM file of who vouches for it, for each authority's URL.
    let timestampAuthorities: [String: String]
    /// For those of other URLs.
    let standardAuthorities: String?
    let witnessKeys: [LogVerifier]
    private(set) var timestampCount: Int64 = 0
    private(set) var cosignatureCount: Int64 = 0

    init(timestampAuthorities: [String: String], standardAuthorities: String?, witnessKeys: [LogVerifier]) {
        self.timestampAuthorities = timestampAuthorities
        self.standardAuthorities = standardAuthorities
        self.witnessKeys = witnessKeys
    }

    mutating func verify(
        _ anchors: [AnchorRecord], checkpoints: [StoredCheckpoint], _ findings: inout FindingLog
    ) {
        let notes = Dictionary(checkpoints.map { ($0.signed.checkpoint.size, $0.signed.note) }) { first, _ in first }
        for anchor in anchors where anchor.kind == .timestamp || anchor.kind == .witness {
            let subject = "\(anchor.place), checkpoint of \(anchor.size) events"
            guard let note = notes[anchor.size] else {
                findings.add(.anchor, subject, "the database has no such checkpoint")
                continue
            }
            let problem = anchor.kind == .timestamp ? timestamp(anchor, note) : cosignature(anchor, note)
            if let problem { findings.add(.anchor, subject, problem) }
        }
    }

    private mutating func timestamp(_ anchor: AnchorRecord, _ note: SignedNote) -> String? {
        guard let authorities = timestampAuthorities[anchor.place] ?? standardAuthorities else {
            return "its time stamp cannot be verified without the authority's certificates:"
                + " name them with tsa_ca in the configuration, or with --tsa-ca"
        }
        do throws(InvalidTimestamp) {
            _ = try TimestampResponse(der: anchor.evidence)
                .verify(of: Array(note.encoded.utf8), authorities: authorities)
        } catch {
            return "its time stamp \(error.isUnverifiable ? "cannot be verified" : "does not count"): \(error.found)"
        }
        timestampCount += 1
        return nil
    }

    private mutating func cosignature(_ anchor: AnchorRecord, _ note: SignedNote) -> String? {
        let lines = String(decoding: anchor.evidence, as: UTF8.self).split(separator: "\n")
        let signatures = lines.compactMap { NoteSignature(line: String($0)) }
        guard !signatures.isEmpty, signatures.count == lines.count else { return "its cosignature is none" }
        let cosigned = SignedNote(text: note.text, signatures: signatures)
        let verdicts = witnessKeys.map { $0.verify(cosigned) }
        if verdicts.contains(.invalid) { return "its cosignature is wrong" }
        guard verdicts.contains(.valid) else {
            return "its cosignature by \(signatures[0].keyName) cannot be verified without the witness's key:"
                + " name it with key in the configuration, or with --witness-key"
        }
        cosignatureCount += 1
        return nil
    }
}
