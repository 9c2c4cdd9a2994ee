import HoopxAudit
import HoopxCore
import NIOCore
import NIOHTTP1

/// The client's side of the data path: takes each request through the pipeline, gets its credential and its upstream,
/// and passes bytes both ways as they come, at the pace of whoever is slower.
final class RequestHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    let pipeline: RequestPipeline
    let services: ProxyServices
    var state = ExchangeState()
    var context: ChannelHandlerContext?
    var deadline: MovingDeadline?

    /// Parts that the client sent ahead of their turn: at most what one read brings.
    var held = CircularBuffer<HTTPServerRequestPart>()
    var isReading = false
    private var isReadWithheld = false
    var mustFlushUpstream = false

    var writer: ResponseWriter
    /// The request that is served, as the client sent its head, and as it goes on.
    var received: HTTPRequestHead?
    var request: AdmittedRequest?
    var record: RequestAccount?
    var upstream: UpstreamConnection?
    /// What was taken in of the request's body, until it has been sent.
    var body: BodyCollector?
    var collectedTrailers: HTTPHeaders?
    var wholeBodyTimer: Scheduled<Void>?
    var isSendingBody = false
    /// What looks at the bodies, until they are over.
    var requestContent: RequestContent?
    var responseContent: ResponseContent?
    var isResponseWhole = false
    private let connectionNumber: Int64
    private var discarded = 0
    /// The request that is served keeps the session from being idle.
    private var isUsingSession = false

    /// A body that nobody wants is read on, so that the client gets to see the answer, but not for ever.
    private static let maximumDiscarded = 16 * 1024 * 1024

    init(
        _ pipeline: RequestPipeline, services: ProxyServices, connectionNumber: Int64, allocator: ByteBufferAllocator
    ) {
        self.pipeline = pipeline
        self.services = services
        self.connectionNumber = connectionNumber
        writer = ResponseWriter(allocator: allocator)
    }

    // MARK: Events of the client's channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        deadline = MovingDeadline(on: context.eventLoop) { [weak self] in self?.expired() }
        deadline?.set(services.deadlines.firstBytes)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        let part = unwrapInboundIn(data)
        if held.isEmpty { take(part) } else { held.append(part) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        limitCollecting()
        flushUpstream()
    }

    func read(context: ChannelHandlerContext) {
        let isBodyBlocked = state.forwardsRequest && upstream.map { !$0.isWritable } ?? false
        if held.isEmpty, !isBodyBlocked { context.read() } else { isReadWithheld = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { upstream?.resumeReading() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError {
            refuse(.malformed("\(error)", rule: pipeline.entrance.rule))
        } else {
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
        stopLimit()
        upstream?.close()
        upstream = nil
        body = nil
        state.closed()
        finishRecord()
        held.removeAll()
        self.context = nil
        context.fireChannelInactive()
    }

    // MARK: The request

    private func take(_ part: HTTPServerRequestPart) {
        switch state.taking(part.kind) {
        case .hold: held.append(part)
        case .discard: break
        case .take:
            switch part {
            case .head(let head): begin(head)
            case .body(let bytes) where state.collectsRequest: collect(bytes)
            case .end(let trailers) where state.collectsRequest: endCollecting(trailers)
            case .body(let bytes): forward(bytes)
            case .end(let trailers): end(trailers)
            }
        }
    }

    func takeHeld() {
        while let part = held.first, state.taking(part.kind) != .hold {
            held.removeFirst()
            take(part)
        }
        limitCollecting()
        flushUpstream()
        resumeReading()
    }

    private func begin(_ head: HTTPRequestHead) {
        deadline?.set(services.deadlines.exchange)
        received = head
        request = nil
        isResponseWhole = false
        do throws(Refusal) {
            var request = try pipeline.admit(head)
            if request.connection != nil, services.content.response != nil { request.askForWhole() }
            state.admitted(keepsClient: request.keepsClient, collects: request.collectsBody)
            self.request = request
            openRecord(
                head, connection: request.connection, credential: request.credential,
                operation: request.claudeRoute?.operation.name)
            isUsingSession = request.credential.isUse
            if isUsingSession { services.session.exchangeBegan() }
            if request.collectsBody { beginCollecting(request) } else { goOn() }
        } catch {
            openRecord(head, connection: pipeline.entrance.connection, credential: PresentedCredential(.unused))
            // A client that waits for leave to send its body may send it or not: nobody could tell.
            let mustClose = error.closesConnection || head.headers.contains(name: "expect") || !head.isKeepAlive
            refuse(Refusal(error.denial, status: error.status, closesConnection: mustClose))
        }
    }

    private func forward(_ bytes: ByteBuffer) {
        deadline?.set(services.deadlines.exchange)
        guard state.forwardsRequest else {
            discarded += bytes.readableBytes
            if discarded > Self.maximumDiscarded { context?.close(promise: nil) }
            return
        }
        // As in a tunnel: a request that never ends would outlast the session.
        if let request, refuseAfterTheEnd(request) { return }
        guard let bytes = pass(bytes) else { return }
        send(bytes)
    }

    private func send(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        record?.requestBytes(bytes.readableBytes)
        upstream?.write(.body(.byteBuffer(bytes)))
        mustFlushUpstream = true
    }

    private func end(_ trailers: HTTPHeaders?) {
        if state.forwardsRequest {
            guard let rest = passEnd() else { return }
            send(rest)
            upstream?.write(.end(forwardable(trailers)))
            mustFlushUpstream = true
        }
        switch state.requestEnded() {
        case .goOn: break
        case .nextRequest: awaitNextRequest()
        case .close: context?.close(promise: nil)
        }
    }

    func awaitNextRequest() {
        discarded = 0
        deadline?.set(services.deadlines.nextRequest)
    }

    // MARK: The pace

    func resumeReading() {
        guard isReadWithheld, let context else { return }
        isReadWithheld = false
        read(context: context)
    }

    func flushUpstream() {
        guard mustFlushUpstream else { return }
        mustFlushUpstream = false
        upstream?.flush()
    }

    // MARK: The record

    private func openRecord(
        _ head: HTTPRequestHead, connection: NamedConnection?, credential: PresentedCredential,
        operation: String? = nil
    ) {
        let recorder = services.recorder
        record = RequestAccount(
            RequestRecord(
                number: recorder.nextRequestNumber(), connectionNumber: connectionNumber,
                connectionName: connection?.name, method: head.method.rawValue,
                path: RecordedPath(requestTarget: head.uri), startedAt: .now(), credential: credential.use,
                clientToken: credential.fingerprint, operation: operation))
    }

    func finishRecord() {
        endRequestContent()
        endResponseContent()
        guard let record else { return }
        self.record = nil
        if isUsingSession { services.session.exchangeEnded() }
        isUsingSession = false
        services.recorder.record(record.ended())
    }
}

extension HTTPServerRequestPart {
    fileprivate var kind: ExchangeState.Part {
        switch self {
        case .head: .head
        case .body: .body
        case .end: .end
        }
    }
}
