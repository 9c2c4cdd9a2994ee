import FoundationEssentials
import Glibc

/// A directory for one test, which is gone with it.
final class Scratch: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/hoopx-linux-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ScratchFailure() }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func mode(of name: String) -> UInt32? {
        var status = stat()
        return lstat("\(path)/\(name)", &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    func text(of name: String) -> String? {
        FileManager.default.contents(atPath: "\(path)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }

    func names(in directory: String) -> [String] {
        var names: [String] = []
        guard let entries = opendir("\(path)/\(directory)") else { return [] }
        defer { closedir(entries) }
        while let entry = readdir(entries) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    struct ScratchFailure: Error {}
}
