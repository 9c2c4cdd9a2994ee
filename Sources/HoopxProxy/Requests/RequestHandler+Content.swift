import HoopxAudit
import HoopxClaude
import HoopxCore
import HoopxMasking
import NIOCore
import NIOHTTP1

/// The content of a response: what goes on to the client is written first, and what it was is looked at then; where it is
/// masked on its way, what comes of it is written.
extension RequestHandler {
    /// - Returns: false where the response cannot be passed, and has been refused.
    func beginContent(of head: inout HTTPResponseHead) -> Bool {
        guard let request, request.connection != nil, let received, let record,
            ResponseWriter.framing(of: head, answering: received.method, for: received.version) != .none
        else { return true }
        do throws(UnreadableContent) {
            let content = try ResponseContent(
                head, readsMessage: request.claudeRoute?.operation == .messagesCreate, handling: services.content,
                recording: services.recorder.body(of: record.number, .response))
            responseContent = content
            guard content.isInline else { return true }
            head.headers.remove(name: "Content-Length")
            head.headers.removeContentFields()
            head.headers.removeValidators()
            return true
        } catch {
            refuse(unreadable(error, of: request))
            return false
        }
    }

    func passResponse(_ bytes: ByteBuffer) {
        guard let content = responseContent, content.isInline else {
            responseContent?.pass(bytes)
            for buffer in writer.writeBody(bytes) { write(buffer) }
            return
        }
        do throws(UnreadableContent) {
            try content.replace(bytes) { replaced in
                for buffer in writer.writeBody(replaced) { write(buffer) }
            }
        } catch {
            breakOff(unreadable: error)
        }
    }

    func passResponseEnd(_ trailers: HTTPHeaders?) {
        var trailers = trailers
        if let content = responseContent, content.isInline, let record {
            trailers?.removeContentFields()
            do throws(UnreadableContent) {
                try content.finish(at: record.elapsed) { rest in
                    for buffer in writer.writeBody(rest) { write(buffer) }
                }
            } catch {
                breakOff(unreadable: error)
                return
            }
        }
        writer.writeEnd(trailers)
        isResponseWhole = true
        endResponse()
    }

    /// Called when what one read brought has gone on.
    func recordResponseContent() {
        if let record { responseContent?.putOnRecord(at: record.elapsed) }
    }

    /// The response has ended, whole or not.
    func endResponseContent() {
        guard let content = responseContent, let record else { return }
        responseContent = nil
        content.end(isWhole: isResponseWhole, at: record.elapsed)
        recordFindings(content.findings, .response)
        if let failure = content.failure { recordUnseen(failure, .response) }
        guard let facts = content.facts else { return }
        self.record?.answers(facts)
        for use in facts.toolUses {
            services.recorder.record(
                ToolUseRecord(
                    request: record.number, id: use.id, name: use.name,
                    input: String(decoding: use.input, as: UTF8.self), isTruncated: use.isInputTruncated))
        }
    }

    func recordFindings(_ findings: [EntityType: Int], _ place: MaskingRecord.Place) {
        guard !findings.isEmpty, let record else { return }
        let counts = Dictionary(uniqueKeysWithValues: findings.map { ($0.key.rawValue, Int64($0.value)) })
        services.recorder.record(MaskingRecord(request: record.number, place: place, counts: counts))
    }

    func recordUnseen(_ reason: UnreadableContent, _ direction: BodyDirection) {
        guard let record else { return }
        services.recorder.record(
            HoopxError(
                .startup, doing: "recording the \(direction.rawValue) body of request \(record.number)",
                found: "it passed unseen: \(reason)"))
    }

    private func breakOff(unreadable reason: UnreadableContent) {
        if let request { breakOff(unreadable(reason, of: request)) }
    }

    private func unreadable(_ reason: UnreadableContent, of request: AdmittedRequest) -> Refusal {
        .unreadable(reason, .response, setting: services.content.setting(.response), subject: request.subject)
    }

    private func write(_ buffer: ByteBuffer) { context?.write(wrapOutboundOut(buffer), promise: nil) }
}
