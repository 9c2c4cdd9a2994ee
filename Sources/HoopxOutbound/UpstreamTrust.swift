import Glibc
import HoopxCore
import NIOCore
import NIOSSL
import Synchronization

/// Which authorities may vouch for upstreams: those that hoopx's own environment trusts.
///
/// Reading the system's bundle takes milliseconds, so it happens at the first TLS connection, once.
public final class UpstreamTrust: Sendable {
    /// The file with the authorities that replace or are the system's: SSL_CERT_FILE, or the distribution's bundle.
    public let bundlePath: String?
    /// NODE_EXTRA_CA_CERTS: authorities beside those.
    public let extraPath: String?

    private let contexts = Mutex<[String?: Result<NIOSSLContext, HoopxError>]>([:])
    /// Files that count only as they were once; nil for one that was not there.
    private let pinned = Mutex<[String: FileVersion?]>([:])

    /// Where distributions keep their bundle: Debian and Ubuntu, Fedora and RHEL, openSUSE, Alpine.
    private static let bundlePaths = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ]

    /// - Parameter environment: hoopx's own, not the target's.
    public init(environment: [String: String]) {
        let named = environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        bundlePath = named ?? Self.bundlePaths.first { access($0, R_OK) == 0 }
        extraPath = environment["NODE_EXTRA_CA_CERTS"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// From now on these files count only as they are now, and so do the environment's that the user could write: they are
    /// read when they are first needed, and a target that could write one would choose whom hoopx believes.
    ///
    /// - Parameter paths: what `caPath` will name.
    public func pin(_ paths: [String]) {
        let own = [bundlePath, extraPath].compactMap(\.self).filter { access($0, W_OK) == 0 }
        pinned.withLock { pinned in for path in own + paths { pinned[path] = .some(FileVersion(of: path)) } }
    }

    /// The client side of TLS, with full verification. Blocks while it reads files, the first time.
    ///
    /// - Parameter caPath: the only authorities that count; nil for all of the environment's.
    public func context(caPath: String?) throws(HoopxError) -> NIOSSLContext {
        if let known = known(caPath: caPath) { return try known.get() }
        let made: Result<NIOSSLContext, HoopxError>
        do throws(HoopxError) {
            made = .success(try makeContext(caPath: caPath))
        } catch {
            made = .failure(error)
        }
        contexts.withLock { $0[caPath] = made }
        return try made.get()
    }

    /// The context, or why there is none, where that was found out before. Does not block.
    public func known(caPath: String?) -> Result<NIOSSLContext, HoopxError>? { contexts.withLock { $0[caPath] } }

    private func makeContext(caPath: String?) throws(HoopxError) -> NIOSSLContext {
        do {
            return try NIOSSLContext(configuration: try configuration(caPath: caPath))
        } catch let error as HoopxError {
            throw error
        } catch {
            throw HoopxError(.startup, doing: "preparing TLS to upstreams", found: "\(error)")
        }
    }

    /// What `context` is made of.
    func configuration(caPath: String?) throws(HoopxError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        // A peer that does not answer the end of TLS must not hold up the end of a run.
        configuration.shutdownTimeout = .milliseconds(250)
        if let caPath {
            configuration.trustRoots = .certificates(try certificates(caPath))
        } else {
            configuration.trustRoots =
                try bundlePath.map { path throws(HoopxError) in
                    .certificates(try certificates(path))
                } ?? .default
            if let extraPath {
                configuration.additionalTrustRoots = [.certificates(try certificates(extraPath))]
            }
        }
        return configuration
    }

    private func certificates(_ path: String) throws(HoopxError) -> [NIOSSLCertificate] {
        let doing = "reading the certificates in \(path)"
        let certificates: [NIOSSLCertificate]
        do {
            certificates = try NIOSSLCertificate.fromPEMFile(path)
        } catch {
            throw HoopxError(.startup, doing: doing, found: "it is not a readable PEM file")
        }
        // Afterwards: a file cannot be put back as it was.
        if let version = pinned.withLock({ $0[path] }), version != FileVersion(of: path) {
            throw HoopxError(
                .startup, doing: doing, found: "it was changed during the session, so it is not believed any more",
                hint: "begin a new session if that was you")
        }
        return certificates
    }
}
