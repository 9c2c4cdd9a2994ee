import Glibc
import HoopxLinux
import HoopxTestSupport
import Testing

@testable import HoopxSession

final class DetectorDatabaseCacheTests: Sendable {
    private let keyDescription = "hoopx:test-detectors:\(UInt64.random(in: .min ... .max))"
    private let temporary: TemporaryDirectory
    private let directory: String
    private let digest = (0..<32).map { UInt8($0) }
    private let database = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }

    init() throws {
        temporary = try TemporaryDirectory(owner: .current)
        directory = temporary.path + "/detectors"
    }

    deinit {
        try? UserKey.find(keyDescription)?.remove()
        temporary.remove()
    }

    private var cache: DetectorDatabaseCache {
        DetectorDatabaseCache(directory: directory, keyDescription: keyDescription)
    }

    private func files() throws -> [String] {
        let entries = try #require(opendir(directory))
        defer { closedir(entries) }
        var names: [String] = []
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    private func contents(_ name: String) throws -> [UInt8] {
        let file = try #require(fopen("\(directory)/\(name)", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        return Array(bytes[..<fread(&bytes, 1, bytes.count, file)])
    }

    @Test func aDatabaseIsLoadedAsItWasStored() throws {
        #expect(cache.load(digest) == nil)
        cache.store(database, digest)
        #expect(cache.load(digest) == database)
    }

    @Test func aFileThatAnotherWroteIsNotLoaded() throws {
        cache.store(database, digest)
        let name = try #require(try files().first)
        let good = try contents(name)
        for offset in [0, 31, 32, 33, 1000, good.count - 1] {
            var bad = good
            bad[offset] ^= 1
            try PrivateDirectory(directory).write(bad, to: name)
            #expect(cache.load(digest) == nil)
        }
        for bad in [[], Array(good[..<20]), Array(good[..<32]), Array(good.dropLast()), good + [0]] {
            try PrivateDirectory(directory).write(bad, to: name)
            #expect(cache.load(digest) == nil)
        }
        try PrivateDirectory(directory).write(good, to: name)
        #expect(cache.load(digest) == database)
        // A key of somebody else's vouches for nothing.
        try UserKey.find(keyDescription)?.remove()
        _ = try UserKey.findOrMake(keyDescription, payload: [UInt8](repeating: 7, count: 32))
        #expect(cache.load(digest) == nil)
    }

    @Test func aDatabaseOfOtherExpressionsIsNotLoadedInTheirPlace() throws {
        cache.store(database, digest)
        let other = digest.map { ~$0 }
        cache.store(Array(database.reversed()), other)
        let names = try files()
        #expect(names.count == 2)
        let first = try contents(names[0])
        let second = try contents(names[1])
        try PrivateDirectory(directory).write(second, to: names[0])
        try PrivateDirectory(directory).write(first, to: names[1])
        #expect(cache.load(digest) == nil)
        #expect(cache.load(other) == nil)
    }

    @Test func whatIsNoRegularFileNeitherHangsNorIsLoaded() throws {
        cache.store(database, digest)
        let path = "\(directory)/\(try #require(try files().first))"
        #expect(unlink(path) == 0 && mkfifo(path, 0o600) == 0)
        #expect(cache.load(digest) == nil)
        #expect(unlink(path) == 0 && symlink("/dev/zero", path) == 0)
        #expect(cache.load(digest) == nil)
    }

    @Test func noMoreThanAFewAreKept() throws {
        for number in 0..<20 { cache.store(database, digest.map { $0 &+ UInt8(number) }) }
        #expect(try files().count == DetectorDatabaseCache.maximumCount)
        #expect(cache.load(digest.map { $0 &+ 19 }) == database)
    }
}
