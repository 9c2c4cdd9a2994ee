import HoopxAudit
import HoopxClaude
import HoopxMasking
import NIOCore
import NIOHTTP1

/// The content of a request on its way to the upstream: what is recorded of it, what is known of it, and what goes on.
final class RequestContent {
    private let inspection: BodyInspection?
    private let recording: BodyRecording
    private let route: ClaudeRoute?
    private let isInline: Bool
    private var outgoing = ByteBuffer()
    private var isOnRecord = false
    private var isOver = false

    /// Why it goes on unseen and is not recorded; nil where it is looked at.
    private(set) var failure: UnreadableContent?
    /// What it asks the Claude API for, once a body that was not handed over in pieces has ended.
    private(set) var facts: ClaudeRequestFacts?

    /// - Parameters:
    ///   - route: what the request asks a Claude model for, in JSON; nil where it asks for something else.
    /// - Throws: where it is to be masked on its way and cannot be.
    init(
        _ headers: HTTPHeaders, route: ClaudeRoute?, handling: ContentHandling, recording: BodyRecording
    ) throws(UnreadableContent) {
        self.route = route
        self.recording = recording
        isInline = handling.request != nil
        do throws(UnreadableContent) {
            var kind = ContentKind(headers)
            // Whatever the target calls it, the API reads JSON.
            if route != nil { kind.takeForJSON() } else { kind.takeEventsForJSON() }
            inspection = try BodyInspection(kind, handling: handling, forwarding: handling.request)
        } catch {
            if isInline { throw error }
            inspection = nil
            failure = error
        }
    }

    /// Takes what comes next.
    ///
    /// - Throws: where it is to be masked on its way and cannot be.
    func append(_ bytes: ByteBuffer) throws(UnreadableContent) {
        guard let inspection = wanted else { return }
        do throws(UnreadableContent) {
            try bytes.withUnsafeReadableBytes { (raw) throws(UnreadableContent) in
                try inspection.append(raw) { outgoing.writeBytes($0) }
            }
        } catch {
            try fail(error)
        }
    }

    /// Hands over to the record what was taken so far.
    ///
    /// - Parameter microseconds: since the head was read.
    func putOnRecord(at microseconds: Int64) {
        guard failure == nil, let masked = inspection?.takeMasked(), !masked.isEmpty else { return }
        isOnRecord = true
        recording.append(masked, at: microseconds)
    }

    /// The body is whole.
    ///
    /// - Throws: as `append`.
    func finish(at microseconds: Int64) throws(UnreadableContent) {
        guard let inspection = wanted else { return }
        do throws(UnreadableContent) {
            try inspection.finish { outgoing.writeBytes($0) }
        } catch {
            try fail(error)
            return
        }
        isOver = true
        let masked = inspection.takeMasked()
        if let route, !isOnRecord { facts = try? ClaudeRequestFacts(masked, route: route) }
        recording.append(masked, at: microseconds)
        recording.finish()
    }

    /// Nobody wants the rest, where there is one.
    func breakOff(at microseconds: Int64) {
        guard failure == nil, !isOver, let inspection else { return }
        isOver = true
        inspection.breakOff()
        putOnRecord(at: microseconds)
    }

    /// What goes on in the place of what was taken since the last time; nil where that goes on as it came.
    func takeOutgoing() -> ByteBuffer? {
        guard isInline else { return nil }
        defer { outgoing = ByteBuffer() }
        return outgoing
    }

    /// Whether what goes on is another text than what came.
    var isChanged: Bool { inspection?.changesContent ?? false }

    /// How often each entity was found.
    var findings: [EntityType: Int] { inspection?.findings ?? [:] }

    /// What looks at the body, where anything still comes of it.
    private var wanted: BodyInspection? {
        guard failure == nil else { return nil }
        return isInline || route != nil && !isOnRecord || recording.isTaking ? inspection : nil
    }

    private func fail(_ error: UnreadableContent) throws(UnreadableContent) {
        if isInline { throw error }
        failure = error
    }
}
