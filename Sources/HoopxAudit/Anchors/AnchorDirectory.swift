import Glibc
import HoopxCore
import HoopxLinux
import HoopxTransparency

/// A directory that gets a file for each checkpoint: a shared mount, or one where what is written stays (WORM).
public struct AnchorDirectory: Sendable {
    public let path: String

    public init(path: String) { self.path = path }

    /// How the names of the checkpoints' files end.
    public static let suffix = ".checkpoint"

    /// Where a checkpoint is put: the log's name, with what is no letter, digit, dot or dash made a dash, and the number
    /// of its leaves in 12 digits or more.
    public func file(of checkpoint: Checkpoint) -> String {
        let name = checkpoint.origin.utf8.map { byte -> Character in
            let character = Character(Unicode.Scalar(byte))
            return character.isLetter && character.isASCII || character.isNumber && character.isASCII
                || character == "." ? character : "-"
        }
        let size = String(checkpoint.size)
        return
            "\(path)/\(String(name))-\(String(repeating: "0", count: max(0, 12 - size.utf8.count)))\(size)\(Self.suffix)"
    }

    /// Writes a checkpoint, durably. Where it is there already nothing is done.
    ///
    /// The directory is not made where it is missing: that would hide a disk that is not mounted.
    public func put(_ signed: SignedCheckpoint) throws(HoopxError) {
        let file = file(of: signed.checkpoint)
        let bytes = Array(signed.note.encoded.utf8)
        let raw = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o444)
        guard raw >= 0 else {
            guard errno == EEXIST else { throw failure(file, "\(Errno.last)") }
            guard TextFile.read(file) == signed.note.encoded else {
                throw failure(
                    file, "it has another checkpoint of \(signed.checkpoint.size) events",
                    hint: "hoopx audit verify --checkpoint \(file) tells whether the log was changed")
            }
            return
        }
        let descriptor = OwnedDescriptor(raw)
        let count = bytes.withUnsafeBytes { write(descriptor.raw, $0.baseAddress, $0.count) }
        guard count == bytes.count, fsync(descriptor.raw) == 0 else {
            let error = failure(file, count < 0 || count == bytes.count ? "\(Errno.last)" : "it was written in part")
            unlink(file)
            throw error
        }
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw failure(file, "\(Errno.last)") }
        let owned = OwnedDescriptor(directory)
        // Some network file systems keep no directories that could be synchronised.
        guard fsync(owned.raw) == 0 || errno == EINVAL else { throw failure(file, "\(Errno.last)") }
    }

    private func failure(_ file: String, _ found: String, hint: String? = nil) -> HoopxError {
        HoopxError(.startup, doing: "writing the checkpoint \(file)", found: found, hint: hint)
    }
}
