import FoundationEssentials
import HoopxCore
import HoopxOutbound

/// Vault's HTTP API, as far as a lease needs it; OpenBao's is the same.
struct VaultServer: Sendable {
    /// With a path where the server lies below one, but without `/v1`.
    let address: String
    let namespace: String?
    var client: PatientClient

    /// A server that was asked, in words: "logging in to https://vault.example.com at auth/jwt".
    struct Failure: Error {
        /// nil where there was no answer.
        let status: Int?
        let found: String
    }

    /// - Parameters:
    ///   - path: below `/v1/`; each segment is encoded.
    ///   - body: sent as JSON.
    ///   - secrets: what the server is told in the body, to be hidden in what it says of it.
    /// - Returns: nil for an answer without a body.
    func ask(
        _ method: ControlRequest.Method, _ path: String, token: Secret? = nil, body: [String: VaultValue]? = nil,
        hiding secrets: [Secret] = []
    ) async throws(Failure) -> VaultAnswer? {
        let encoded = path.split(separator: "/").map { PercentEncoding.encode($0.utf8) }.joined(separator: "/")
        guard let url = ControlURL("\(address)/v1/\(encoded)") else {
            throw Failure(status: nil, found: "\(address) is not the URL of a server")
        }
        // Vault's own agent and proxies ask for this field, so that a page in a browser cannot ask them.
        var fields = [("X-Vault-Request", Secret("true"))]
        if let namespace { fields.append(("X-Vault-Namespace", Secret(namespace))) }
        if let token { fields.append(("X-Vault-Token", token)) }
        if body != nil { fields.append(("Content-Type", Secret("application/json"))) }
        let request = ControlRequest(method, url, fields: fields, body: try body.map(Self.json))
        let response: ControlResponse
        do throws(ControlFailure) {
            response = try await client.send(request, isPassing: Self.isPassing)
        } catch {
            throw Failure(status: nil, found: error.description)
        }
        return try Self.read(response, hiding: secrets + [token].compactMap { $0 })
    }

    /// A standby (429, 472, 473) or a leader that was just elected may pass the question on a moment later; a sealed
    /// server (503) waits for people, but answers the same.
    private static func isPassing(_ response: ControlResponse) -> Bool {
        response.status >= 500 || [412, 429, 472, 473].contains(response.status)
    }

    private static func read(_ response: ControlResponse, hiding secrets: [Secret]) throws(Failure) -> VaultAnswer? {
        switch response.status {
        case 204: return nil
        case 200:
            if let answer = try? JSONDecoder().decode(VaultAnswer.self, from: Data(response.body)) { return answer }
            throw Failure(status: 200, found: "its answer is not Vault's")
        case 301, 302, 307, 308:
            throw Failure(
                status: response.status, found: "it sends to another server, which hoopx does not follow")
        default:
            let errors = (try? JSONDecoder().decode(VaultErrors.self, from: Data(response.body)))?.errors ?? []
            let said = ForeignMessage.shown(errors.joined(separator: "; "), hiding: secrets)
            throw Failure(
                status: response.status,
                found: "it answered with status \(response.status)" + (said.isEmpty ? "" : ": \(said)"))
        }
    }

    private static func json(_ body: [String: VaultValue]) throws(Failure) -> Secret {
        guard let data = try? JSONEncoder().encode(body) else {
            throw Failure(status: nil, found: "the request cannot be written as JSON")
        }
        return Secret(String(decoding: data, as: UTF8.self))
    }
}

private struct VaultErrors: Decodable {
    let errors: [String]
}

/// What Vault answers: an authentication, data, or a lease's new term.
struct VaultAnswer: Decodable {
    struct Authentication: Decodable {
        let clientToken: String
        let leaseDuration: Int64
        let renewable: Bool

        enum CodingKeys: String, CodingKey {
            case clientToken = "client_token"
            case leaseDuration = "lease_duration"
            case renewable
        }
    }

    let auth: Authentication?
    let data: [String: VaultValue]?
    let leaseID: String?
    /// In seconds.
    let leaseDuration: Int64?
    let renewable: Bool?

    enum CodingKeys: String, CodingKey {
        case auth, data, renewable
        case leaseID = "lease_id"
        case leaseDuration = "lease_duration"
    }
}

/// A JSON value in a request or in a secret; only those kinds are told apart that matter.
enum VaultValue: Codable {
    case text(String)
    case number(Int64)
    case object([String: VaultValue])
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let object = try? container.decode([String: VaultValue].self) {
            self = .object(object)
        } else if let number = try? container.decode(Int64.self) {
            self = .number(number)
        } else {
            self = .other
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .object(let object): try container.encode(object)
        case .other: try container.encodeNil()
        }
    }
}
