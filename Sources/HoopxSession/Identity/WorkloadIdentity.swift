import HoopxCore
import HoopxIdentity

/// The identity of a job or service, by the ID tokens of its platform.
struct WorkloadIdentity: Sendable {
    let source: any WorkloadTokenSource
    let issuer: Issuer
    /// Whom the tokens must be meant for.
    let audience: String
    let mapping: PrincipalMapping

    func establish() async throws(HoopxError) -> SessionIdentity {
        let token = try await verifiedToken(for: audience)
        let tokenForAudience: IdentityKeeper.AudienceToken = { other throws(HoopxError) in
            try await verifiedToken(for: other).token
        }
        let keeper = IdentityKeeper(
            token, renew: { current throws(RenewalFailure) in try await successor(of: current) },
            tokenForAudience: source.choosesAudience ? tokenForAudience : nil)
        return SessionIdentity(
            try mapping.principal(of: token, kind: .workload, method: source.method), keeper: keeper)
    }

    private func verifiedToken(for audience: String) async throws(HoopxError) -> VerifiedIDToken {
        try await IDTokenVerifier(issuer: issuer, audience: audience, kind: .workload)
            .verify(try await source.token(audience: audience))
    }

    /// A platform says nothing of why it gives no token: the identity lasts as long as the one that there is.
    private func successor(of current: VerifiedIDToken) async throws(RenewalFailure) -> VerifiedIDToken {
        let token: VerifiedIDToken
        do throws(HoopxError) {
            token = try await verifiedToken(for: audience)
        } catch {
            throw .transient(error.description)
        }
        guard token.subject == current.subject else {
            throw .refused("\(source.name) gives tokens of another subject now")
        }
        return token
    }
}
