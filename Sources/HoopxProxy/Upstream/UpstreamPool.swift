import HoopxOutbound
import NIOCore

/// The kept connections of one event loop. Everything here happens on that loop.
final class UpstreamPool {
    private let connector: UpstreamConnector
    private let loop: any EventLoop
    private var kept: [UpstreamTarget: [UpstreamConnection]] = [:]
    private var sweep: Scheduled<Void>?

    /// More are rarely of use to one run; the rest is closed after its request.
    private static let maximumKept = 64

    init(connector: UpstreamConnector, on loop: any EventLoop) {
        self.connector = connector
        self.loop = loop
    }

    func forwardProxy(for target: UpstreamTarget) -> ProxyEnvironment.CompanyProxy? {
        connector.forwardProxy(for: target)
    }

    /// Hands out a connection: a kept one at once, where there is one, else a new one when it stands.
    ///
    /// - Parameter mustBeNew: after a kept connection turned out to be closed.
    func connection(
        to target: UpstreamTarget, mustBeNew: Bool,
        _ completion: @escaping (Result<UpstreamConnection, UpstreamFailure>) -> Void
    ) {
        loop.preconditionInEventLoop()
        if !mustBeNew, let connection = kept[target]?.popLast() {
            completion(.success(connection))
            return
        }
        connector.connectForRequests(to: target, on: loop).assumeIsolated().whenComplete { result in
            do {
                let connection = UpstreamConnection(to: target, in: self)
                try connection.install(in: result.get())
                completion(.success(connection))
            } catch {
                completion(.failure(UpstreamFailure(error)))
            }
        }
    }

    /// Takes a connection back that can serve another request.
    func keep(_ connection: UpstreamConnection) {
        guard kept[connection.target, default: []].count < Self.maximumKept else {
            connection.close()
            return
        }
        connection.keptUntil = .now() + connector.deadlines.kept
        kept[connection.target, default: []].append(connection)
        if sweep == nil { scheduleSweep() }
    }

    /// Forgets a connection that closed while it was kept.
    func forget(_ connection: UpstreamConnection) {
        kept[connection.target]?.removeAll { $0 === connection }
    }

    private func scheduleSweep() {
        sweep = loop.assumeIsolated().scheduleTask(in: .seconds(5)) { [weak self] in self?.closeExpired() }
    }

    private func closeExpired() {
        let now = NIODeadline.now()
        let expired = kept.values.joined().filter { $0.keptUntil <= now }
        for connection in expired {
            forget(connection)
            connection.close()
        }
        kept = kept.filter { !$0.value.isEmpty }
        if kept.isEmpty { sweep = nil } else { scheduleSweep() }
    }
}
