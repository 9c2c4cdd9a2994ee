import Foundation

/// A directory of its own for one test, removed at the end of the fixture's scope.
///
/// Not in /tmp: hoopx refuses to keep its own files there, because the file rules would close it for the command.
public struct TemporaryDirectory: Sendable {
    public let path: String
    private let owner: Account

    public init(owner: Account) throws {
        var template = Array("/var/tmp/hoopx-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestSupportError("mkdtemp: errno \(errno)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.owner = owner
        try giveToOwner(path)
    }

    /// Makes a directory in it, mode 0700, and returns its path.
    @discardableResult
    public func directory(_ name: String) throws -> String {
        let path = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try giveToOwner(path)
        return path
    }

    /// Writes a file in it and returns its path.
    @discardableResult
    public func file(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        let path = path + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        if mode & 0o100 != 0 { try Self.waitUntilNobodyWrites(path) }
        try giveToOwner(path)
        return path
    }

    /// A program that another test starts just now has the descriptor too, until it is executed, and nobody can execute a
    /// file that is open for writing (ETXTBSY). A lease for reading is given once nobody has it open so (fcntl(2)).
    private static func waitUntilNobodyWrites(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw TestSupportError("opening \(path): errno \(errno)") }
        defer { close(descriptor) }
        let setLease: Int32 = 1024
        while fcntl(descriptor, setLease, F_RDLCK) != 0 {
            guard errno == EAGAIN else { throw TestSupportError("a lease on \(path): errno \(errno)") }
            sched_yield()
        }
    }

    /// The paths below it, relative, in no order.
    public func contents(of directory: String = "") -> [String] {
        let found = FileManager.default.enumerator(atPath: path + "/" + directory)?.allObjects ?? []
        return found.compactMap { $0 as? String }
    }

    public func remove() { try? FileManager.default.removeItem(atPath: path) }

    private func giveToOwner(_ path: String) throws {
        guard owner.uid != getuid() else { return }
        guard chown(path, owner.uid, owner.gid) == 0 else { throw TestSupportError("chown \(path): errno \(errno)") }
    }
}
