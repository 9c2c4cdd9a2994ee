import Foundation
import HoopxCore
import HoopxOutbound
import HoopxTestSupport
import Testing

@Suite struct UpstreamTrustTests {
    @Test func whoMayVouchIsDecidedBeforeATargetCouldWriteIt() throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let pem = try TestCertificateAuthority().pem
        let named = try directory.file("named.pem", pem)
        let kept = try directory.file("kept.pem", pem)
        let bundle = try directory.file("bundle.pem", pem)
        let trust = UpstreamTrust(environment: ["SSL_CERT_FILE": bundle])
        trust.pin([named, kept, directory.path + "/later.pem"])
        let other = try TestCertificateAuthority().pem
        // In its place, and another file at its path.
        try Data((pem + other).utf8).write(to: URL(fileURLWithPath: named))
        try FileManager.default.moveItem(atPath: bundle, toPath: bundle + ".old")
        _ = try directory.file("bundle.pem", other)
        let later = try directory.file("later.pem", other)
        for path in [named, later, nil] {
            let error = #expect(throws: HoopxError.self) { try trust.context(caPath: path) }
            #expect(error?.found.hasPrefix("it was changed during the session") == true)
        }
        _ = try trust.context(caPath: kept)
    }
}
