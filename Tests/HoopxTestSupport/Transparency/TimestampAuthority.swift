import Foundation
import NIOHTTP1

/// A time-stamping authority (RFC 3161) whose answers openssl-ts(1) makes.
public final class TimestampAuthority: Sendable {
    /// A PEM file of the authority's root.
    public let authorities: String
    private let directory: String

    /// - Parameter directory: where its files are made; it exists.
    public init(directory: String) throws {
        self.directory = directory
        authorities = directory + "/ca.pem"
        try Data(Self.configuration.utf8).write(to: URL(fileURLWithPath: directory + "/tsa.cnf"))
        try Data("01\n".utf8).write(to: URL(fileURLWithPath: directory + "/serial"))
        let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "tsa.cnf"]
        try openssl(
            ["req", "-x509", "-days", "2", "-subj", "/CN=root", "-extensions", "root"] + newKey
                + ["-keyout", "ca.key", "-out", "ca.pem"])
        try openssl(["req", "-subj", "/CN=authority"] + newKey + ["-keyout", "tsa.key", "-out", "tsa.csr"])
        try openssl([
            "x509", "-req", "-days", "1", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-extfile", "tsa.cnf", "-extensions", "signer", "-out", "tsa.pem",
        ])
    }

    /// The answer to a query, both in DER.
    public func reply(to query: [UInt8]) throws -> [UInt8] {
        let name = UUID().uuidString
        try Data(query).write(to: URL(fileURLWithPath: "\(directory)/\(name).tsq"))
        try openssl(["ts", "-reply", "-config", "tsa.cnf", "-queryfile", name + ".tsq", "-out", name + ".tsr"])
        return Array(try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name).tsr")))
    }

    /// Whether `openssl ts -verify` takes an answer for one of these bytes.
    public func verifies(_ response: [UInt8], of data: [UInt8]) throws -> Bool {
        let name = UUID().uuidString
        try Data(response).write(to: URL(fileURLWithPath: "\(directory)/\(name).tsr"))
        try Data(data).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
        return (try? openssl(["ts", "-verify", "-data", name, "-in", name + ".tsr", "-CAfile", authorities])) != nil
    }

    /// Answers over HTTP (RFC 3161, 3.4).
    public func server() async throws -> LoopbackHTTPServer {
        try await LoopbackHTTPServer { [self] request in
            guard request.headers.first(name: "content-type") == "application/timestamp-query",
                let reply = try? reply(to: request.body)
            else { return .answer("", status: .badRequest) }
            let headers: HTTPHeaders = [
                "content-type": "application/timestamp-reply", "content-length": String(reply.count),
            ]
            return [.head(.ok, headers), .bytes(reply), .end(nil)]
        }
    }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw TestSupportError("openssl \(arguments.joined(separator: " ")): \(process.terminationStatus)")
        }
    }

    private static let configuration = """
        [req]
        distinguished_name = name
        [name]
        [root]
        basicConstraints = critical,CA:TRUE
        [signer]
        extendedKeyUsage = critical,timeStamping
        [tsa]
        default_tsa = authority
        [authority]
        serial = serial
        signer_cert = tsa.pem
        signer_key = tsa.key
        signer_digest = sha256
        default_policy = 1.2.3.4.1
        digests = sha256

        """
}
