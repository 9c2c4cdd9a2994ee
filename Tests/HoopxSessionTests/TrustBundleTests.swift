import Crypto
import Foundation
import HoopxCore
import HoopxOutbound
import HoopxProxy
import HoopxTestSupport
import Testing

@testable import HoopxSession

struct TrustBundleTests {
    private let system = """
        -----BEGIN CERTIFICATE-----
        AQID
        -----END CERTIFICATE-----
        """
    private let authority = "-----BEGIN CERTIFICATE-----\nBAUG\n-----END CERTIFICATE-----\n"

    private func bundle(_ environment: [String: String]) throws -> TrustBundle {
        try TrustBundle(UpstreamTrust(environment: environment), authority: authority)
    }

    @Test func theBundleHoldsTheOwnRootsTheAddedRootsAndTheRunAuthority() throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let roots = try directory.file("roots.pem", system)
        let extra = try directory.file("extra.pem", system.replacing("AQID", with: "BwgJ"))

        let bundle = try bundle(["SSL_CERT_FILE": roots, "NODE_EXTRA_CA_CERTS": extra])

        let text = String(decoding: bundle.pem, as: UTF8.self)
        let bodies = text.split(separator: "\n").filter { !$0.hasPrefix("-") }
        #expect(bodies == ["AQID", "BwgJ", "BAUG"])
        #expect(!text.contains("----------"), "a file without a last line break must not swallow the next one")
    }

    @Test func aFileThatIsNamedTwiceIsTakenOnce() throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let roots = try directory.file("roots.pem", system)

        let bundle = try bundle(["SSL_CERT_FILE": roots, "NODE_EXTRA_CA_CERTS": roots])

        #expect(String(decoding: bundle.pem, as: UTF8.self).split(separator: "\n").filter { $0 == "AQID" }.count == 1)
    }

    @Test func rootsThatCannotBeReadAreAnErrorThatNamesTheFile() {
        #expect {
            try bundle(["SSL_CERT_FILE": "/nonexistent/roots.pem"])
        } throws: { error in
            (error as? HoopxError)?.description.contains("/nonexistent/roots.pem") == true
        }
    }

    @Test func theJavaStoreHoldsEveryCertificateAndEndsInTheKeyedDigest() throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let store = try bundle(["SSL_CERT_FILE": try directory.file("roots.pem", system)]).javaTrustStore

        #expect(store.prefix(12).elementsEqual([0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 2]))
        #expect(Data(store).range(of: Data([0, 0, 0, 3, 1, 2, 3])) != nil)
        #expect(Data(store).range(of: Data([0, 0, 0, 3, 4, 5, 6])) != nil)
        let password = "changeit".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
        let digest = Insecure.SHA1.hash(data: password + Array("Mighty Aphrodite".utf8) + store.dropLast(20))
        #expect(store.suffix(20).elementsEqual(digest))
    }
}
