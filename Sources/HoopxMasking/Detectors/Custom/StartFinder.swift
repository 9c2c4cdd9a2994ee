import CPatternScanner
import Glibc

/// Finds where a match of one expression begins, whose end is known: in a window of text, with a database of its own, since
/// looking for starts everywhere would make the scan of all text three times as slow.
final class StartFinder: Sendable {
    /// In bytes: how long a value can be. A match is widened by at most three bytes on each side, to whole characters.
    let maximumLength: Int
    private let database: PatternDatabase

    init(_ pattern: String) throws(CustomDetectorFailure) {
        var error: UnsafeMutablePointer<hs_compile_error_t>?
        var info: UnsafeMutablePointer<hs_expr_info_t>?
        guard hs_expression_info(pattern, 0, &info, &error) == HS_SUCCESS, let info else {
            defer { hs_free_compile_error(error) }
            throw Self.failure(error.map { String(cString: $0.pointee.message) } ?? "it cannot be read", in: pattern)
        }
        defer { free(info) }
        guard info.pointee.min_width > 0 else {
            throw CustomDetectorFailure(found: "it matches the empty text", offset: nil)
        }
        let longestMatch = UInt32(DetectorIndex.longestValue - 6)
        guard info.pointee.min_width <= longestMatch else {
            throw CustomDetectorFailure(found: "its values are longer than \(longestMatch) bytes", offset: nil)
        }
        maximumLength = Int(min(info.pointee.max_width, longestMatch)) + 6
        do throws(CompileFailure) {
            database = try PatternDatabase(findingStartsOf: pattern)
            // As it will be compiled among the others.
            _ = try PatternDatabase(compiling: [Detector.Expression(pattern)])
        } catch {
            throw Self.failure(error.message, in: pattern)
        }
    }

    /// The earliest start of a match that ends where the candidate's does.
    func start(of candidate: Detector.Candidate) -> Int? {
        database.start(ofMatchEndingAt: candidate.matchEnd, in: candidate.text)
    }

    /// Vectorscan says `... at index 3.` in most of its messages; in the others, the shortest beginning of the pattern that
    /// fails in the same way tells.
    private static func failure(_ message: String, in pattern: String) -> CustomDetectorFailure {
        var found = message
        if found.hasSuffix(".") { found.removeLast() }
        var byteOffset: Int?
        if let range = found.firstRange(of: "index "),
            let index = Int(found[range.upperBound...].prefix { $0.isNumber })
        {
            byteOffset = index
            found = String(found[..<range.lowerBound])
            for ending in [" at ", " started at "] where found.hasSuffix(ending) { found.removeLast(ending.count) }
        } else {
            byteOffset = shortestFailing(pattern, message)
        }
        let offset = byteOffset.map { offset in
            String(decoding: pattern.utf8.prefix(offset), as: UTF8.self).unicodeScalars.count
        }
        return CustomDetectorFailure(found: found.prefix(1).lowercased() + found.dropFirst(), offset: offset)
    }

    private static func shortestFailing(_ pattern: String, _ message: String) -> Int? {
        let bytes = Array(pattern.utf8)
        for length in 1...max(1, min(bytes.count, 1024)) where length <= bytes.count {
            var error: UnsafeMutablePointer<hs_compile_error_t>?
            var info: UnsafeMutablePointer<hs_expr_info_t>?
            let status = hs_expression_info(String(decoding: bytes[..<length], as: UTF8.self), 0, &info, &error)
            free(info)
            defer { hs_free_compile_error(error) }
            if status != HS_SUCCESS, let error, String(cString: error.pointee.message) == message { return length - 1 }
        }
        return nil
    }
}
