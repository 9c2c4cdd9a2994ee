import HoopxCore
import HoopxOutbound

/// How an issuer's documents are fetched: in bounded size and time, without following redirects.
struct IssuerConnection: Sendable {
    let url: String
    let caPath: String?
    let client: ControlClient
    /// For one document.
    let deadline: Duration

    func fetch(_ kind: IssuerDocument.Kind, at url: ControlURL) async throws(IssuerFailure) -> IssuerDocument {
        let response: ControlResponse
        do {
            let request = ControlRequest(.get, url, fields: [("Accept", Secret("application/json"))])
            response = try await client.send(
                request, caPath: caPath, limit: IssuerDocument.maximumLength, deadline: deadline)
        } catch {
            throw failure(
                kind, DocumentFault("\(error), where JSON was expected", hint: error.hint), isOutage: error.isOutage)
        }
        do {
            return try IssuerDocument(response, from: url)
        } catch {
            throw failure(kind, error, isOutage: response.status >= 500 || response.status == 429)
        }
    }

    func failure(_ kind: IssuerDocument.Kind, _ fault: DocumentFault, isOutage: Bool = false) -> IssuerFailure {
        let error = HoopxError(
            .startup, doing: "reading the \(kind.rawValue) of \(url)", found: fault.found, hint: fault.hint)
        return IssuerFailure(error: error, isOutage: isOutage)
    }
}

extension ControlFailure {
    /// Whether the issuer itself has not answered. A certificate that does not verify is somebody else's answer.
    fileprivate var isOutage: Bool {
        if case .notTrusted = reason { true } else { isTransient }
    }

    fileprivate var hint: String? {
        switch reason {
        case .unreachable, .timedOut: "check the network and the issuer's URL"
        case .notTrusted: "name the file with the authority that vouches for the issuer"
        case .refused, .tooLarge, .cancelled: nil
        }
    }
}
