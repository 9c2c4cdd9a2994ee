import Crypto
import Glibc
import HoopxCore
import HoopxLinux

/// Compiled detectors, kept in files from run to run, so that a run need not wait until they are compiled.
///
/// Whoever makes hoopx load a database of their own has corrupted its memory, and a target whose files are not confined
/// (`--allow-nested`) could write here. So a file is believed only with a code of a key (HMAC, RFC 2104) that is in the
/// kernel's user keyring, which no target can ask. Where there are no keyrings, as in many containers, nothing is kept.
struct DetectorDatabaseCache {
    static let keyDescription = "hoopx:detector-cache"
    /// In bytes; what is longer is neither written nor read.
    static let maximumSize = 64 << 20
    /// How many databases are kept: each set of custom detectors has its own.
    static let maximumCount = 8

    private let directory: String
    private let keyDescription: String

    /// - Parameter directory: the files' own, made when the first is written (`$XDG_STATE_HOME/hoopx/detectors`).
    init(directory: String, keyDescription: String = Self.keyDescription) {
        self.directory = directory
        self.keyDescription = keyDescription
    }

    /// - Returns: nil where there is none that this user's hoopx wrote since the machine was switched on.
    func load(_ digest: [UInt8]) -> [UInt8]? {
        guard let file = read("\(directory)/\(Self.name(of: digest))"), file.count > SHA256.byteCount,
            let payload = try? UserKey.find(keyDescription)?.payload(), payload.count == SHA256.byteCount
        else { return nil }
        let database = file[SHA256.byteCount...]
        guard Self.code(digest, database, payload) == file[..<SHA256.byteCount] else { return nil }
        return Array(database)
    }

    /// Keeps a database for the next run. A failure costs no more than that one compiles again.
    func store(_ database: [UInt8], _ digest: [UInt8]) {
        guard database.count < Self.maximumSize - SHA256.byteCount,
            let payload = try? UserKey.findOrMake(
                keyDescription, payload: SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
            ).payload(), payload.count == SHA256.byteCount,
            let files = try? PrivateDirectory(directory)
        else { return }
        removeOldest()
        try? files.write(Array(Self.code(digest, database[...], payload)) + database, to: Self.name(of: digest))
    }

    /// Vouches for it that these bytes were compiled of what has this digest.
    private static func code(
        _ digest: [UInt8], _ database: ArraySlice<UInt8>, _ key: [UInt8]
    ) -> HMAC<SHA256>.MAC {
        var code = HMAC<SHA256>(key: SymmetricKey(data: key))
        code.update(data: Array("hoopx detector database 1\n".utf8) + digest)
        code.update(data: database)
        return code.finalize()
    }

    private static func name(of digest: [UInt8]) -> String {
        "\(Hexadecimal.text(digest.prefix(16))).hs"
    }

    private func read(_ path: String) -> [UInt8]? {
        // O_NONBLOCK: opening a FIFO must not hang.
        let raw = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard raw >= 0 else { return nil }
        let file = OwnedDescriptor(raw)
        var status = stat()
        guard fstat(file.raw, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.maximumSize
        else {
            return nil
        }
        var isWhole = true
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while isWhole, count < buffer.count {
                let part = Glibc.read(file.raw, buffer.baseAddress?.advanced(by: count), buffer.count - count)
                if part < 0, errno == EINTR { continue }
                isWhole = part > 0
                count += max(part, 0)
            }
        }
        return isWhole ? bytes : nil
    }

    /// Makes room for one more.
    private func removeOldest() {
        guard let entries = opendir(directory) else { return }
        defer { closedir(entries) }
        var files: [(age: Int, name: String)] = []
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            var status = stat()
            guard fstatat(dirfd(entries), name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFREG
            else { continue }
            files.append((status.st_mtim.tv_sec, name))
        }
        for file in files.sorted(by: { $0 < $1 }).dropLast(Self.maximumCount - 1) {
            unlinkat(dirfd(entries), file.name, 0)
        }
    }
}
