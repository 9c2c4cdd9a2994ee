/// A request of a test's own to a service on loopback, to set it up or to look into it.
struct ServiceRequest: Sendable {
    let method: String
    let url: String
    var fields: [String: String] = [:]
    var body = ""

    /// - Returns: the status and the body of the answer.
    func send() async throws -> (status: Int, body: String) {
        let headers = fields.flatMap { ["-H", "\($0.key): \($0.value)"] }
        let curl = try RunningProcess(
            ["/usr/bin/curl", "-sS", "-m", "30", "-X", method, "-w", "\n%{http_code}", "--data-binary", "@-"] + headers
                + [url],
            environment: [:], directory: "/")
        curl.write(body)
        let result = try await curl.finish()
        guard let end = result.stdout.lastIndex(of: "\n"), result.exit == .status(0),
            let status = Int(result.stdout[end...].dropFirst())
        else { throw TestSupportError("\(method) \(url): \(result)") }
        return (status, String(result.stdout[..<end]))
    }
}
