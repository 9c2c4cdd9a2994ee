import NIOCore

/// One of the two ends of a tunnel: passes what it reads to the other, at the other's pace, and ends with it.
final class TunnelEnd: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var partner: TunnelEnd?
    private var context: ChannelHandlerContext?
    private var isReadWithheld = false
    /// What was read before the other end stood: the first bytes, and one read at most.
    private var waiting: ByteBuffer
    private var isInputClosed = false

    private let admits: () -> Bool

    /// - Parameter admits: asked for each read; closes the connection itself where what was read must not pass.
    init(waitingFor bytes: ByteBuffer = ByteBuffer(), admits: @escaping () -> Bool = { true }) {
        waiting = bytes
        self.admits = admits
    }

    /// Joins two ends of one event loop, this one with bytes that wait for the other.
    func join(_ far: TunnelEnd) {
        guard context != nil else {
            far.context?.close(promise: nil)
            return
        }
        partner = far
        far.partner = self
        if waiting.readableBytes > 0 { far.write(waiting) }
        waiting = ByteBuffer()
        far.flush()
        if isInputClosed { far.closeOutput() }
        resumeReading()
        far.resumeReading()
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard admits() else { return }
        var bytes = unwrapInboundIn(data)
        if let partner { partner.write(bytes) } else { waiting.writeBuffer(&bytes) }
    }

    func channelReadComplete(context: ChannelHandlerContext) { partner?.flush() }

    func read(context: ChannelHandlerContext) {
        if partner?.isWritable ?? false { context.read() } else { isReadWithheld = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { partner?.resumeReading() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .inputClosed? = event as? ChannelEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        isInputClosed = true
        partner?.closeOutput()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        let other = partner
        partner = nil
        other?.partner = nil
        other?.context?.close(promise: nil)
        context.fireChannelInactive()
    }

    private var isWritable: Bool { context?.channel.isWritable ?? false }

    private func write(_ bytes: ByteBuffer) { context?.write(wrapOutboundOut(bytes), promise: nil) }

    private func flush() { context?.flush() }

    private func closeOutput() { context?.close(mode: .output, promise: nil) }

    private func resumeReading() {
        guard isReadWithheld, let context else { return }
        isReadWithheld = false
        context.read()
    }
}
