import HoopxCore
import HoopxCredentials
import NIOCore

/// What an admitted request waits for: its credential, then its upstream, and beside them that it is on record. The first
/// two are there at once as a rule.
extension RequestHandler {
    func goOn() {
        guard let request else { return }
        getCredential(request)
        putOnRecord()
    }

    private func getCredential(_ request: AdmittedRequest) {
        guard request.credential.use == .injected, let holder = holder(for: request) else {
            getUpstream(request)
            return
        }
        if let lease = holder.current() {
            inject(lease, of: holder)
            return
        }
        guard let number = record?.number, let loop = context?.eventLoop else { return }
        let handler = NIOLoopBound(self, eventLoop: loop)
        let door = services.connector.door
        Task {
            let result: Result<Lease, HoopxError>
            do throws(HoopxError) {
                result = .success(try await holder.lease())
            } catch {
                result = .failure(error)
            }
            door.execute(on: loop) { handler.value.gotLease(number, result, of: holder) }
        }
    }

    private func gotLease(_ number: Int64, _ result: Result<Lease, HoopxError>, of holder: LeaseHolder) {
        // The request that asked may have been refused meanwhile, and the next may be one of another connection.
        guard let request, record?.number == number, !state.isClosed else { return }
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
        if case .revoked? = services.session.ending?.reason {
            // The command has ended, and what asked with it: nobody is left who could be told.
            context?.close(promise: nil)
        } else {
            refuse(Refusal(denial))
        }
        return true
    }

    private func inject(_ lease: Lease, of holder: LeaseHolder) {
        request?.inject(lease, as: holder.injection, payload: body?.digest)
        record?.injected(lease: lease.id)
        if let request { getUpstream(request) }
    }

    private func holder(for request: AdmittedRequest) -> LeaseHolder? {
        if case .held(let holder)? = request.connection?.credential { holder } else { nil }
    }

    /// What goes upstream is on record before it does: durably, with its content.
    private func putOnRecord() {
        guard state.isWaiting, let record, let loop = context?.eventLoop else { return }
        let number = record.number
        let handler = NIOLoopBound(self, eventLoop: loop)
        let door = services.connector.door
        services.recorder.recordBeforeEgress(record.current) { failure in
            door.execute(on: loop) { handler.value.wasRecorded(number, failure) }
        }
    }

    private func wasRecorded(_ number: Int64, _ failure: HoopxError?) {
        guard let request, record?.number == number, state.isWaiting else { return }
        if let failure {
            refuse(.unrecordable(failure, subject: request.subject, rule: request.rule))
        } else if !refuseAfterTheEnd(request), state.recorded() == .go {
            beginExchange()
        }
    }

    func getUpstream(_ request: AdmittedRequest, mustBeNew: Bool = false) {
        if let proxy = services.pool.value.forwardProxy(for: request.upstream), !mustBeNew {
            self.request?.useAbsoluteForm(proxyAuthorization: proxy.authorization)
        }
        let number = record?.number
        services.pool.value.connection(to: request.upstream, mustBeNew: mustBeNew) { [weak self] result in
            guard let self, record?.number == number else {
                // The request that asked is over, and the next may be one to somebody else.
                if case .success(let upstream) = result { upstream.release() }
                return
            }
            gotUpstream(result)
        }
    }

    private func gotUpstream(_ result: Result<UpstreamConnection, UpstreamFailure>) {
        switch result {
        case .success(let upstream):
            let readiness = state.upstreamReady()
            guard readiness != .unwanted else {
                upstream.release()
                return
            }
            self.upstream = upstream
            if readiness == .go { beginExchange() }
        case .failure(let failure): refuse(failure)
        }
    }

    private func beginExchange() {
        guard let request, let upstream else { return }
        guard upstream.isOpen else {
            // It closed while the record was written. Nothing of the request has passed.
            self.upstream = nil
            _ = state.upstreamVanished()
            getUpstream(request, mustBeNew: true)
            return
        }
        upstream.attach(self)
        upstream.write(.head(request.head))
        mustFlushUpstream = true
        sendCollected()
        // The rest of the request may be on its way up the pipeline right now: its read completes soon.
        if held.isEmpty, isReading { return }
        takeHeld()
    }
}

extension Refusal {
    /// - Parameter failure: why the record cannot be written.
    static func unrecordable(_ failure: HoopxError?, subject: String, rule: String) -> Refusal {
        Refusal(
            Denial(
                code: .auditUnavailable, layer: .audit, rule: rule, subject: subject,
                hint: "the record of this session cannot be written: \(failure?.description ?? "unknown")"),
            status: .serviceUnavailable)
    }
}
