import CCompression
import Foundation
import HoopxTestSupport

/// Bodies of the record as plain files, read without hoopx: what is compressed cannot be searched.
struct StoredBodies {
    private let fixture: HoopxFixture

    init(_ fixture: HoopxFixture) { self.fixture = fixture }

    /// Writes every chunk and every body into a directory of the fixture.
    ///
    /// - Returns: the directory, and how many files are in it.
    func unpacked() async throws -> (directory: String, count: Int) {
        let directory = try fixture.directory.directory("unpacked")
        var chunks: [Int: [UInt8]] = [:]
        // A chunk's base was stored before it.
        for row in try await rows("SELECT id, length, ifnull(base, ''), hex(content) FROM chunk ORDER BY id") {
            let dictionary = Int(row[2]).flatMap { chunks[$0] } ?? []
            let bytes = try Self.plain(row[3], length: row[1], dictionary: dictionary)
            chunks[Int(row[0]) ?? 0] = bytes
            try Data(bytes).write(to: URL(fileURLWithPath: "\(directory)/chunk-\(row[0])"))
        }
        let bodies = try await rows(
            "SELECT session, request, direction, length, hex(chunks), ifnull(hex(content), '') FROM body")
        for row in bodies {
            var bytes = row[5].isEmpty ? [] : try Self.plain(row[5], length: row[3], dictionary: [])
            for id in Self.integers(in: Self.bytes(row[4])) { bytes += chunks[id] ?? [] }
            guard bytes.count == Int(row[3]) else { throw TestSupportError("a body is not whole: \(row.prefix(4))") }
            try Data(bytes).write(to: URL(fileURLWithPath: "\(directory)/\(row[0])-\(row[1])-\(row[2])"))
        }
        for name in fixture.directory.contents(of: "unpacked") { chmod("\(directory)/\(name)", 0o644) }
        return (directory, chunks.count + bodies.count)
    }

    private func rows(_ sql: String) async throws -> [[String]] {
        let database = fixture.directory.path + "/state/hoopx/audit.sqlite"
        let result = try await fixture.start(program: ["/usr/bin/sqlite3", "-readonly", database, sql]).finish()
        guard result.exit == .status(0) else { throw TestSupportError("sqlite3: \(result)") }
        return result.stdout.split(separator: "\n").map {
            $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        }
    }

    private static func plain(_ content: String, length: String, dictionary: [UInt8]) throws -> [UInt8] {
        let content = bytes(content)
        guard let length = Int(length), content.count != length else { return content }
        let context = ZSTD_createDCtx()
        defer { ZSTD_freeDCtx(context) }
        var plain = [UInt8](repeating: 0, count: length)
        let count = ZSTD_decompress_usingDict(
            context, &plain, plain.count, content, content.count, dictionary, dictionary.count)
        guard count == length else { throw TestSupportError("a chunk cannot be decompressed") }
        return plain
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = Array(hexadecimal.utf8).map { $0 < 58 ? $0 - 48 : $0 - 55 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// LEB128
    private static func integers(in bytes: [UInt8]) -> [Int] {
        var integers: [Int] = []
        var (value, shift) = (0, 0)
        for byte in bytes {
            value |= Int(byte & 0x7f) << shift
            shift += 7
            guard byte & 0x80 == 0 else { continue }
            integers.append(value)
            (value, shift) = (0, 0)
        }
        return integers
    }
}
