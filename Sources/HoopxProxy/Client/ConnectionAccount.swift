import HoopxAudit
import HoopxCore
import NIOCore

/// The first handler of every connection of the target: counts the bytes on its socket and records its beginning and
/// its end.
final class ConnectionAccount: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    var number: Int64 { record.number }

    private let recorder: Recorder
    private var record: ConnectionRecord
    private let start = NIODeadline.now()

    init(_ record: ConnectionRecord, recorder: Recorder) {
        self.record = record
        self.recorder = recorder
    }

    /// It goes elsewhere than its socket was going: the explicit proxy was asked for a connection.
    func leads(to destination: Destination, verdict: ConnectionRecord.Verdict) {
        record = ConnectionRecord(
            number: record.number, destination: .host(destination), pid: record.pid, command: record.command,
            openedAt: record.openedAt, verdict: verdict, bytesSent: record.bytesSent,
            bytesReceived: record.bytesReceived)
        recorder.record(record)
    }

    /// Its first bytes, or what was asked of it, led to a denial.
    func denied(_ code: ReasonCode) {
        record.verdict = .denied(code)
        recorder.record(record)
    }

    func handlerAdded(context: ChannelHandlerContext) { recorder.record(record) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        record.bytesSent += Int64(unwrapInboundIn(data).readableBytes)
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        record.bytesReceived += Int64(unwrapOutboundIn(data).readableBytes)
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        record.duration = (NIODeadline.now() - start).nanoseconds / 1000
        recorder.record(record)
        context.fireChannelInactive()
    }
}
