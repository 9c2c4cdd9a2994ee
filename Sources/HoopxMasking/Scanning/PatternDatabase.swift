import CPatternScanner
import HoopxCore
import Synchronization
import Glibc

/// Expressions compiled by Vectorscan for streams, and what scanning with them needs of memory.
final class PatternDatabase: Sendable {
    /// Where a match of an expression ends.
    struct Match {
        /// The expression's place in the list.
        let expression: UInt32
        /// In bytes of the stream.
        let end: Int
    }

    /// One of Vectorscan's objects. None is changed after it is made but scratch space and stream states, each of which
    /// belongs to one owner at a time.
    struct Handle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    /// What a database is compiled for beside its expressions: one of another version or processor is not to be read.
    static var platform: String {
        var platform = hs_platform_info_t()
        _ = hs_populate_platform(&platform)
        return "\(String(cString: hs_version())) \(platform.tune) \(platform.cpu_features)"
    }

    private let database: Handle
    /// A scan takes one and puts it back: two threads never have the same.
    private let scratchSpaces: Mutex<[Handle]>

    /// - Throws: with the expression's place in the list, and what Vectorscan says of it.
    convenience init(compiling expressions: [Detector.Expression]) throws(CompileFailure) {
        try self.init(expressions, flags: 0, mode: HS_MODE_STREAM)
    }

    /// For `start(ofMatchEndingAt:in:)` alone.
    convenience init(findingStartsOf pattern: String) throws(CompileFailure) {
        try self.init([Detector.Expression(pattern)], flags: HS_FLAG_SOM_LEFTMOST, mode: HS_MODE_BLOCK)
    }

    private init(_ expressions: [Detector.Expression], flags common: Int32, mode: Int32) throws(CompileFailure) {
        var made: OpaquePointer?
        var error: UnsafeMutablePointer<hs_compile_error_t>?
        var patterns: [UnsafePointer<CChar>?] = expressions.map { UnsafePointer(strdup($0.pattern)) }
        defer { patterns.forEach { free(UnsafeMutablePointer(mutating: $0)) } }
        var flags = expressions.map { UInt32(common | ($0.isCaseless ? HS_FLAG_CASELESS : 0)) }
        var identifiers = expressions.indices.map { UInt32($0) }
        let status = hs_compile_multi(
            &patterns, &flags, &identifiers, UInt32(expressions.count), UInt32(mode), nil, &made, &error)
        if let error {
            defer { hs_free_compile_error(error) }
            throw CompileFailure(
                expression: error.pointee.expression >= 0 ? Int(error.pointee.expression) : nil,
                message: String(cString: error.pointee.message))
        }
        guard status == HS_SUCCESS, let made else {
            throw CompileFailure(expression: nil, message: "the pattern compiler fails with status \(status)")
        }
        guard let scratch = Self.makeScratch(made) else {
            hs_free_database(made)
            throw CompileFailure(expression: nil, message: "there is not enough memory")
        }
        database = Handle(pointer: made)
        scratchSpaces = Mutex([scratch])
    }

    /// - Parameter serialized: what `serialized` gave for the same expressions and platform. The bytes are believed.
    /// - Returns: nil where Vectorscan refuses them.
    init?(serialized: [UInt8]) {
        var made: OpaquePointer?
        let status = serialized.withUnsafeBytes { bytes in
            hs_deserialize_database(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, &made)
        }
        guard status == HS_SUCCESS, let made else { return nil }
        guard let scratch = Self.makeScratch(made) else {
            hs_free_database(made)
            return nil
        }
        database = Handle(pointer: made)
        scratchSpaces = Mutex([scratch])
    }

    deinit {
        for scratch in scratchSpaces.withLock({ $0 }) { hs_free_scratch(scratch.pointer) }
        hs_free_database(database.pointer)
    }

    var serialized: [UInt8]? {
        var bytes: UnsafeMutablePointer<CChar>?
        var count = 0
        guard hs_serialize_database(database.pointer, &bytes, &count) == HS_SUCCESS, let bytes else { return nil }
        defer { free(bytes) }
        return Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// The state of a new stream. Whoever takes it gives it back with `close`.
    func open() -> Handle {
        var stream: OpaquePointer?
        guard hs_open_stream(database.pointer, 0, &stream) == HS_SUCCESS, let stream else {
            fatalError("no memory for the state of a pattern scan")
        }
        return Handle(pointer: stream)
    }

    func close(_ stream: Handle) { hs_close_stream(stream.pointer, nil, nil, nil) }

    /// Scans the next bytes of a stream, and appends the matches that end in them, in no order.
    func scan(_ bytes: UnsafeRawBufferPointer, _ stream: Handle, into matches: inout [Match]) {
        guard !bytes.isEmpty else { return }
        withScratch { scratch in
            withUnsafeMutablePointer(to: &matches) { matches in
                var rest = bytes
                while !rest.isEmpty {
                    let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
                    let status = hs_scan_stream(
                        stream.pointer, part.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32(part.count), 0,
                        scratch, Self.collect, matches)
                    precondition(status == HS_SUCCESS, "a pattern scan fails")
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
                }
            }
        }
    }

    /// Ends a stream, appends the matches that its end makes, and makes its state that of a new one.
    func end(_ stream: Handle, into matches: inout [Match]) {
        withScratch { scratch in
            withUnsafeMutablePointer(to: &matches) { matches in
                _ = hs_reset_stream(stream.pointer, 0, scratch, Self.collect, matches)
            }
        }
    }

    /// Makes a stream's state that of a new one, without the matches that its end would make.
    func reset(_ stream: Handle) { hs_reset_stream(stream.pointer, 0, nil, nil, nil) }

    /// The earliest start of a match that ends at an offset of a text.
    func start(ofMatchEndingAt end: Int, in text: UnsafeRawBufferPointer) -> Int? {
        var search = StartSearch(end: UInt64(end))
        withScratch { scratch in
            withUnsafeMutablePointer(to: &search) { search in
                _ = hs_scan(
                    database.pointer, text.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32(text.count), 0,
                    scratch,
                    { _, start, end, _, context in
                        guard let search = context?.assumingMemoryBound(to: StartSearch.self),
                            end == search.pointee.end
                        else { return 0 }
                        search.pointee.start = min(search.pointee.start ?? start, start)
                        return 0
                    }, search)
            }
        }
        return search.start.map(Int.init)
    }

    private struct StartSearch {
        let end: UInt64
        var start: UInt64?
    }

    private static let collect: match_event_handler = { identifier, _, end, _, context in
        context?.assumingMemoryBound(to: [Match].self).pointee.append(Match(expression: identifier, end: Int(end)))
        return 0
    }

    private func withScratch(_ body: (OpaquePointer) -> Void) {
        let scratch = scratchSpaces.withLock { $0.popLast() } ?? Self.makeScratch(database.pointer)
        guard let scratch else { fatalError("no memory for a pattern scan") }
        body(scratch.pointer)
        scratchSpaces.withLock { $0.append(scratch) }
    }

    private static func makeScratch(_ database: OpaquePointer) -> Handle? {
        var scratch: OpaquePointer?
        guard hs_alloc_scratch(database, &scratch) == HS_SUCCESS, let scratch else { return nil }
        return Handle(pointer: scratch)
    }
}

/// Why expressions cannot be compiled.
struct CompileFailure: Error {
    /// The place in the list of the expression that is the reason, where it is one.
    let expression: Int?
    let message: String
}
