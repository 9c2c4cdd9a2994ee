import HoopxCore
import HoopxTransparency

/// Writes checkpoints with their time stamps and cosignatures into files, for verifiers that know nothing of hoopx.
public struct CheckpointExport: Sendable {
    private let directory: AnchorDirectory

    /// - Parameter directory: it exists.
    public init(directory: String) { self.directory = AnchorDirectory(path: directory) }

    /// `NAME.checkpoint` as the log has signed it, `NAME.tsr` for a time stamp of these bytes (`NAME-2.tsr` for the next),
    /// `NAME.cosigned` with the signatures of the witnesses.
    public func write(_ checkpoint: AnchoredCheckpoint) throws(HoopxError) {
        try directory.put(checkpoint.signed)
        let name = directory.file(of: checkpoint.signed.checkpoint).dropLast(AnchorDirectory.suffix.count)
        let stamps = checkpoint.anchors.filter { $0.kind == .timestamp }
        for (index, stamp) in stamps.enumerated() {
            try OutsideFile.write(stamp.evidence, to: name + (index == 0 ? "" : "-\(index + 1)") + ".tsr")
        }
        let cosigned = checkpoint.cosigned
        if cosigned != checkpoint.signed.note {
            try OutsideFile.write(Array(cosigned.encoded.utf8), to: name + ".cosigned")
        }
    }
}
