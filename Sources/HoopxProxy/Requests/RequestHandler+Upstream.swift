import HoopxCore
import HoopxCredentials
import NIOCore

/// What an admitted request waits for: its credential, then its upstream. Both are there at once as a rule.
extension RequestHandler {
    func getCredential(_ request: AdmittedRequest) {
        guard request.credential.use == .injected, let holder = holder(for: request) else {
            recordDecision()
            getUpstream(request)
            return
        }
        if let lease = holder.current() {
            inject(lease, of: holder)
            return
        }
        recordDecision()
        guard let loop = context?.eventLoop else { return }
        let handler = NIOLoopBound(self, eventLoop: loop)
        let door = services.connector.door
        Task {
            let result: Result<Lease, HoopxError>
            do throws(HoopxError) {
                result = .success(try await holder.lease())
            } catch {
                result = .failure(error)
            }
            door.execute(on: loop) { handler.value.gotLease(result, of: holder) }
        }
    }

    private func gotLease(_ result: Result<Lease, HoopxError>, of holder: LeaseHolder) {
        guard let request, !state.isClosed else { return }
        switch result {
        case .success(let lease):
            // The source may have taken its time.
            if !refuseAfterTheEnd(request) { inject(lease, of: holder) }
        case .failure(let error):
            let hint = [error.description, error.hint].compactMap { $0 }.joined(separator: "; ")
            refuse(
                Refusal(
                    Denial(
                        code: .credentialUnavailable, layer: .credential, rule: request.rule, subject: request.subject,
                        hint: hint,
                        // What a command complains of, and what a service says, can hold more than it should.
                        targetHint:
                            "hoopx could not get the credential of the connection; whoever started hoopx is told why"),
                    status: .badGateway))
        }
    }

    /// Refuses a request that waited while the session ended.
    func refuseAfterTheEnd(_ request: AdmittedRequest) -> Bool {
        guard let denial = services.session.denial(of: request.subject) else { return false }
        refuse(Refusal(denial))
        return true
    }

    private func inject(_ lease: Lease, of holder: LeaseHolder) {
        request?.inject(lease, as: holder.injection, payload: body?.digest)
        record?.injected(lease: lease.id)
        recordDecision()
        if let request { getUpstream(request) }
    }

    private func holder(for request: AdmittedRequest) -> LeaseHolder? {
        if case .held(let holder)? = request.connection?.credential { holder } else { nil }
    }

    /// What goes upstream is recorded before it does.
    func recordDecision() {
        if let record { services.recorder.record(record.current) }
    }

    func getUpstream(_ request: AdmittedRequest, mustBeNew: Bool = false) {
        if let proxy = services.pool.value.forwardProxy(for: request.upstream), !mustBeNew {
            self.request?.useAbsoluteForm(proxyAuthorization: proxy.authorization)
        }
        services.pool.value.connection(to: request.upstream, mustBeNew: mustBeNew) { [weak self] result in
            self?.gotUpstream(result)
        }
    }

    private func gotUpstream(_ result: Result<UpstreamConnection, UpstreamFailure>) {
        switch result {
        case .success(let upstream):
            guard let request, state.upstreamReady() else {
                upstream.release()
                return
            }
            self.upstream = upstream
            upstream.attach(self)
            upstream.write(.head(request.head))
            mustFlushUpstream = true
            sendCollected()
            // The rest of the request may be on its way up the pipeline right now: its read completes soon.
            if held.isEmpty, isReading { return }
            takeHeld()
        case .failure(let failure): refuse(failure)
        }
    }
}
