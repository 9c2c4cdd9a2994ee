import HoopxCore

/// A login that a cache of files keeps, whoever it is at.
public enum KeptLogin: Sendable {
    /// Whose it is, so that it can be revoked.
    case known(CacheKey)
    /// It can only be forgotten: nobody can tell any more whose it is.
    case lost(LostLogin)
}

public struct LostLogin: Sendable {
    public let loss: CacheLoss
    let digest: String
}

extension SealedFileCache {
    /// The logins that have a file here.
    ///
    /// A file's name does not say whose it is, but it opens under its name, and then its token does.
    ///
    /// - Throws: where there is a file and the place of the key cannot be used.
    public func keptLogins() async throws(HoopxError) -> [KeptLogin] {
        var logins: [KeptLogin] = []
        for digest in digests {
            switch try await load(digest) {
            // Somebody else has just forgotten it.
            case .nothing: break
            case .lost(let loss): logins.append(.lost(LostLogin(loss: loss, digest: digest)))
            case .found(let identity):
                guard let key = CacheKey(of: identity, filedUnder: digest) else {
                    let loss = CacheLoss(.damaged("its token does not say whose it is"), place: path(of: digest))
                    logins.append(.lost(LostLogin(loss: loss, digest: digest)))
                    continue
                }
                logins.append(.known(key))
            }
        }
        return logins
    }

    /// Forgets a login that cannot be used.
    public func forget(_ login: LostLogin) async throws(HoopxError) {
        try await withLock(login.digest) { () async throws(HoopxError) in
            // A fresh login may have taken its place meanwhile.
            if case .found = try await load(login.digest) { return }
            try remove(login.digest)
        }
    }
}
