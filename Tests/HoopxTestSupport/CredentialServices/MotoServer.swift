import Foundation

/// AWS on loopback: moto's server, which checks signatures and policies as soon as it is told to.
public final class MotoServer: Sendable {
    public let url: String
    private let process: RunningProcess

    public init() async throws {
        process = try RunningProcess(
            [try ServicePrograms.moto(), "-H", "127.0.0.1", "-p", "0"],
            environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"],
            directory: "/")
        let process = process
        try await eventually(within: .seconds(60), "moto to listen: \(process.stderr)") {
            process.stderr.contains("CTRL+C")
        }
        let words = process.stderr.split { $0.isWhitespace }
        guard let url = words.first(where: { $0.hasPrefix("http://127.0.0.1:") }) else {
            throw TestSupportError("moto listens nowhere: \(process.stderr)")
        }
        self.url = String(url)
    }

    /// Makes a role that an ID token may assume and that may do everything; returns its ARN.
    public func makeRole(_ name: String) async throws -> String {
        let trust = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:*"}]}"#
        let policy = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
        let made = try await iam(["Action": "CreateRole", "RoleName": name, "AssumeRolePolicyDocument": trust])
        _ = try await iam(
            ["Action": "PutRolePolicy", "RoleName": name, "PolicyName": "all", "PolicyDocument": policy])
        guard let start = made.range(of: "<Arn>"), let end = made.range(of: "</Arn>") else {
            throw TestSupportError("no role: \(made)")
        }
        return String(made[start.upperBound..<end.lowerBound])
    }

    /// From now on a request passes only with a right signature of known credentials.
    ///
    /// - Parameter free: how many pass without, to get credentials at all.
    public func checkSignatures(after free: Int = 0) async throws {
        _ = try await post("/moto-api/reset-auth", body: String(free), fields: ["Content-Type": "text/plain"])
    }

    public func stop() { process.send(SIGKILL) }

    private func iam(_ parameters: [String: String]) async throws -> String {
        let form = parameters.merging(["Version": "2010-05-08"]) { first, _ in first }.map { name, value in
            name + "=" + (value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")
        }.joined(separator: "&")
        let scope = "Credential=AKIAROOT/20260101/us-east-1/iam/aws4_request"
        return try await post(
            "/", body: form,
            fields: [
                "Authorization": "AWS4-HMAC-SHA256 \(scope), SignedHeaders=host, Signature=0",
                "Content-Type": "application/x-www-form-urlencoded",
            ])
    }

    private func post(_ path: String, body: String, fields: [String: String] = [:]) async throws -> String {
        let answer = try await ServiceRequest(method: "POST", url: url + path, fields: fields, body: body).send()
        guard answer.status == 200 else { throw TestSupportError("\(path): \(answer)") }
        return answer.body
    }
}
