import HoopxAudit
import HoopxClaude
import HoopxMasking
import NIOCore
import NIOHTTP1

/// The content of a response on its way to the target: what is recorded of it, what is known of it, and what goes on.
final class ResponseContent {
    private let inspection: BodyInspection?
    private let recording: BodyRecording
    private var reader: ClaudeResponseReader?
    /// What has gone on as it came, and is to be looked at.
    private var passed: [ByteBuffer] = []
    private var isOver = false

    /// Whether other bytes go on than those that came.
    let isInline: Bool
    /// Why it goes on unseen and is not recorded; nil where it is looked at.
    private(set) var failure: UnreadableContent?

    /// - Parameters:
    ///   - readsMessage: whether it answers a request for a message of a Claude model.
    /// - Throws: where it is to be masked on its way, and cannot be.
    init(
        _ head: HTTPResponseHead, readsMessage: Bool, handling: ContentHandling, recording: BodyRecording
    ) throws(UnreadableContent) {
        let kind = ContentKind(head.headers)
        self.recording = recording
        let contentType = readsMessage ? head.headers.first(name: "content-type") : nil
        reader = contentType.flatMap { ClaudeResponseReader(contentType: $0) }
        let isPart = head.status == .partialContent
        do throws(UnreadableContent) {
            // Of a part, nobody can tell what it begins in the middle of.
            if isPart, handling.response != nil { throw .part }
            let inspection = try BodyInspection(
                kind, handling: handling, forwarding: handling.response,
                restoringPseudonyms: handling.restoresPseudonyms && !isPart)
            self.inspection = inspection
            isInline = inspection.isInline
        } catch {
            // A pseudonym that is not put back tells nobody anything.
            if handling.response != nil { throw error }
            inspection = nil
            isInline = false
            failure = error
        }
    }

    /// What the model answered, as far as it has been looked at.
    var facts: ClaudeResponseFacts? { reader?.facts }

    /// How often each entity was found so far.
    var findings: [EntityType: Int] { inspection?.findings ?? [:] }

    /// Takes bytes in whose place others go on.
    ///
    /// - Throws: where they cannot be made.
    func replace(_ bytes: ByteBuffer, forward: (UnsafeRawBufferPointer) -> Void) throws(UnreadableContent) {
        try bytes.withUnsafeReadableBytes { (raw) throws(UnreadableContent) in
            try inspection?.append(raw, forward: forward)
        }
    }

    /// Takes bytes that go on as they came; they are looked at when that is done, in `putOnRecord`.
    func pass(_ bytes: ByteBuffer) { if isWanted { passed.append(bytes) } }

    /// Looks at what has gone on, and hands over to the record what came since the last time.
    ///
    /// - Parameter microseconds: since the request's head was read.
    func putOnRecord(at microseconds: Int64) {
        guard failure == nil, let inspection else { return }
        do throws(UnreadableContent) {
            for buffer in passed {
                try buffer.withUnsafeReadableBytes { (raw) throws(UnreadableContent) in
                    try inspection.append(raw) { _ in }
                }
            }
        } catch {
            failure = error
        }
        passed.removeAll(keepingCapacity: true)
        handOver(inspection, at: microseconds)
    }

    /// The body is whole: the rest of what goes on in its place.
    ///
    /// - Throws: where it cannot be made.
    func finish(at microseconds: Int64, forward: (UnsafeRawBufferPointer) -> Void) throws(UnreadableContent) {
        putOnRecord(at: microseconds)
        try inspection?.finish(forward: forward)
        isOver = true
    }

    /// Nothing more comes.
    ///
    /// - Parameter isWhole: whether that is the end of the body.
    func end(isWhole: Bool, at microseconds: Int64) {
        putOnRecord(at: microseconds)
        guard failure == nil, let inspection else { return }
        if isWhole, !isOver {
            do throws(UnreadableContent) { try inspection.finish { _ in } } catch { failure = error }
        } else if !isOver {
            inspection.breakOff()
        }
        isOver = true
        handOver(inspection, at: microseconds)
        reader?.finish()
        if isWhole { recording.finish() }
    }

    private func handOver(_ inspection: BodyInspection, at microseconds: Int64) {
        let masked = inspection.takeMasked()
        guard !masked.isEmpty else { return }
        masked.withUnsafeBytes { reader?.append($0) }
        recording.append(masked, at: microseconds)
    }

    /// Whether anything comes of looking at it.
    private var isWanted: Bool { failure == nil && (reader != nil || recording.isTaking) }
}
