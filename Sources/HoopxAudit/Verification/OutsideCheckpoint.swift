import HoopxCore
import HoopxTransparency

/// A checkpoint that lies outside of the database, and where.
public struct OutsideCheckpoint: Sendable {
    /// `/mnt/anchors/log, line 13`.
    public let place: String
    public let signed: SignedCheckpoint
}

/// The checkpoints of a place outside of the database, and what there is none.
public struct OutsideCheckpoints: Sendable {
    public private(set) var checkpoints: [OutsideCheckpoint] = []
    /// Places where something is that is no checkpoint, and why not.
    public private(set) var malformed: [(place: String, found: String)] = []

    /// Reads a file of one checkpoint or of several, or all such files of a directory.
    public init(path: String) throws(HoopxError) {
        if let names = try Self.names(in: path) {
            for name in names { try read("\(path)/\(name)") }
        } else {
            try read(path)
        }
    }

    /// Reads a place that whoever calls hoopx has named: one without checkpoints would look like one that is in order.
    ///
    /// - Throws: a usage error where it cannot be read, or holds nothing.
    public init(given path: String) throws(HoopxError) {
        let hint = "name a file of checkpoints, or a directory of files that end in \(AnchorDirectory.suffix)"
        do throws(HoopxError) {
            try self.init(path: path)
        } catch {
            throw HoopxError(.usage, doing: error.doing, found: error.found, hint: hint)
        }
        guard checkpoints.isEmpty, malformed.isEmpty else { return }
        throw HoopxError(.usage, doing: Self.reading(path), found: "there are none", hint: hint)
    }

    static func reading(_ path: String) -> String { "reading checkpoints in \(path)" }

    private mutating func read(_ path: String) throws(HoopxError) {
        guard let text = String(validating: try OutsideFile.read(path), as: UTF8.self) else {
            malformed.append((path, "it is no text"))
            return
        }
        for entry in CheckpointSequence(text).entries {
            let place = "\(path), line \(entry.line)"
            do throws(MalformedNote) {
                checkpoints.append(OutsideCheckpoint(place: place, signed: try entry.result.get()))
            } catch {
                malformed.append((place, "it is no checkpoint: \(error.found)"))
            }
        }
    }

    /// - Returns: nil where it is no directory.
    private static func names(in path: String) throws(HoopxError) -> [String]? {
        try OutsideFile.names(in: path)?.filter { $0.hasSuffix(AnchorDirectory.suffix) }.sorted()
    }
}
