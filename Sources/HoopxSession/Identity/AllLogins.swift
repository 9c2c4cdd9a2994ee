import HoopxConfiguration
import HoopxCore
import HoopxIdentity

/// What became of every login that is kept, whoever it was at.
public struct AllLogouts: Sendable {
    public struct Ended: Sendable {
        /// The issuer; nil where nobody can tell any more.
        public let issuer: String?
        public let outcome: LogoutOutcome
    }

    public fileprivate(set) var ended: [Ended] = []
    /// Why some could not be forgotten.
    public fileprivate(set) var failures: [HoopxError] = []
}

extension IdentityContext {
    /// Revokes and forgets all logins that are kept, in whichever cache: one after the other, and what cannot be forgotten
    /// keeps no other from it.
    public func logoutOfAll() async -> AllLogouts {
        var logouts = AllLogouts()
        for place in [IdentityConfiguration.Cache.sealedFile, .secretService] {
            do throws(HoopxError) {
                guard let cache = try SealedFileCache.keeping(place, environment: environment) else { continue }
                for login in try await cache.keptLogins() { await end(login, in: cache, &logouts) }
            } catch {
                logouts.failures.append(error)
            }
        }
        return logouts
    }

    private func end(_ login: KeptLogin, in cache: SealedFileCache, _ logouts: inout AllLogouts) async {
        do throws(HoopxError) {
            switch login {
            case .lost(let lost):
                try await cache.forget(lost)
                logouts.ended.append(.init(issuer: nil, outcome: .forgotten(lost.loss.description)))
            case .known(let key):
                let outcome = try await user(of: key, cache: cache).logout()
                logouts.ended.append(.init(issuer: key.issuer, outcome: outcome))
            }
        } catch {
            logouts.failures.append(error)
        }
    }
}
