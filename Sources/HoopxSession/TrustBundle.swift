import FoundationEssentials
import HoopxCore
import HoopxOutbound
import HoopxProxy

/// The roots that the target trusts: those of hoopx's own environment, and the run CA.
struct TrustBundle {
    /// One PEM file of all of them.
    let pem: [UInt8]

    /// - Parameters:
    ///   - trust: the files of hoopx's own environment.
    ///   - authority: the run CA's certificate in PEM.
    init(_ trust: UpstreamTrust, authority: String) throws(HoopxError) {
        var pem: [UInt8] = []
        let extraPath = trust.extraPath == trust.bundlePath ? nil : trust.extraPath
        for path in [trust.bundlePath, extraPath].compactMap(\.self) {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw HoopxError(
                    .startup, doing: "reading the trusted roots \(path)", found: "the file cannot be read",
                    hint: "check SSL_CERT_FILE and NODE_EXTRA_CA_CERTS")
            }
            pem += data
            // A file without a line break at its end would swallow the next one's first line.
            if pem.last != UInt8(ascii: "\n") { pem.append(UInt8(ascii: "\n")) }
        }
        self.pem = pem + authority.utf8
    }

    /// The same roots for the JVM.
    var javaTrustStore: [UInt8] { JavaTrustStore.encode(certificates) }

    private var certificates: [[UInt8]] {
        var certificates: [[UInt8]] = []
        var body: [UInt8]?
        for line in pem.split(separator: UInt8(ascii: "\n")) {
            if line.starts(with: "-----BEGIN CERTIFICATE-----".utf8) {
                body = []
            } else if line.starts(with: "-----END CERTIFICATE-----".utf8) {
                if let der = body.flatMap({ Data(base64Encoded: Data($0), options: .ignoreUnknownCharacters) }) {
                    certificates.append(Array(der))
                }
                body = nil
            } else {
                body?.append(contentsOf: line)
            }
        }
        return certificates
    }
}
