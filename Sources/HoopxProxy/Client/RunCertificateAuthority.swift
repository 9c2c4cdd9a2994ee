import Crypto
import FoundationEssentials
import HoopxCore
import NIOCore
import NIOSSL
import SwiftASN1
import Synchronization
import X509

/// The certificate authority of one run. Its keys live in this process's memory only and end with it.
///
/// Leaves share one P-256 key, which makes a new name cost a tenth of a millisecond.
public final class RunCertificateAuthority: Sendable {
    /// The authority's certificate, for the bundle that the target trusts.
    public let certificatePEM: String

    private let key: Certificate.PrivateKey
    private let leafKey = P256.Signing.PrivateKey()
    private let certificate: Certificate
    private let validity: (from: Date, until: Date)
    private let contexts = Mutex<[Destination.Host: NIOSSLContext]>([:])

    /// Only names that the configuration lets through get a leaf, so this bound is there for wildcards.
    private static let maximumContexts = 512

    /// - Parameter session: names the authority in the eyes of people who look at a certificate.
    /// - Throws: a startup error where a key or certificate cannot be made.
    public init(session: SessionID) throws(HoopxError) {
        // The clock of a target in a container may be a little off, and a run may go on for months. There are clients
        // that take no leaf of more than 398 days.
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        self.key = key
        validity = (Date.now.addingTimeInterval(-3600), Date.now.addingTimeInterval(397 * 86400))
        do {
            let name = try DistinguishedName {
                CommonName("hoopx run \(session)")
                OrganizationName("hoopx")
            }
            certificate = try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
                notValidBefore: validity.from, notValidAfter: validity.until, issuer: name, subject: name,
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: try Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                    Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                    SubjectKeyIdentifier(hash: key.publicKey)
                },
                issuerPrivateKey: key)
            certificatePEM = try certificate.serializeAsPEM().pemString + "\n"
        } catch {
            throw HoopxError(.startup, doing: "making the run's certificate authority", found: "\(error)")
        }
    }

    /// The server side of TLS for a host, with a leaf that names just it. Made once for each host.
    func serverContext(for host: Destination.Host) throws -> NIOSSLContext {
        if let known = contexts.withLock({ $0[host] }) { return known }
        let chain = try [makeLeaf(for: host), certificate].map { certificate in
            var serializer = DER.Serializer()
            try serializer.serialize(certificate)
            return NIOSSLCertificateSource.certificate(
                try NIOSSLCertificate(bytes: serializer.serializedBytes, format: .der))
        }
        let privateKey = try NIOSSLPrivateKey(bytes: Array(leafKey.derRepresentation), format: .der)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        // A peer that does not answer the end of TLS must not hold up the end of a run.
        configuration.shutdownTimeout = .milliseconds(250)
        let context = try NIOSSLContext(configuration: configuration)
        contexts.withLock { contexts in
            if contexts.count >= Self.maximumContexts { contexts.removeAll() }
            contexts[host] = context
        }
        return context
    }

    private func makeLeaf(for host: Destination.Host) throws -> Certificate {
        let alternativeName: GeneralName =
            switch host {
            case .name(let name): .dnsName(name.description)
            case .address(let address): .ipAddress(ASN1OctetString(contentBytes: address.bytes[...]))
            }
        let publicKey = Certificate.PublicKey(leafKey.publicKey)
        let authorityKey = SubjectKeyIdentifier(hash: key.publicKey).keyIdentifier
        return try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
            notValidBefore: validity.from, notValidAfter: validity.until, issuer: certificate.subject,
            subject: try DistinguishedName { OrganizationName("hoopx") },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames([alternativeName])
                SubjectKeyIdentifier(hash: publicKey)
                // Python 3.13 verifies strictly and insists on this one (RFC 5280, 4.2.1.1).
                AuthorityKeyIdentifier(keyIdentifier: authorityKey)
            },
            issuerPrivateKey: key)
    }
}
