import HoopxCore
import HoopxOutbound

/// A client of the control plane that asks again where the same request may well pass a moment later.
struct PatientClient: Sendable {
    let client: ControlClient
    /// A PEM file with the only authorities that may vouch for the server; nil for those of the system.
    let caPath: String?
    /// Before the second attempt, the third and so on.
    var pauses: [Duration] = [.milliseconds(300), .seconds(1)]

    /// - Parameter isPassing: whether an answer tells of a trouble that may have passed by the next attempt.
    func send(
        _ request: ControlRequest, isPassing: (ControlResponse) -> Bool
    ) async throws(ControlFailure) -> ControlResponse {
        for pause in pauses {
            do throws(ControlFailure) {
                let response = try await client.send(request, caPath: caPath, limit: Self.largestAnswer)
                if !isPassing(response) { return response }
            } catch {
                if !error.isTransient { throw error }
            }
            // Cancelled, the last attempt says so.
            try? await Task.sleep(for: pause)
        }
        return try await client.send(request, caPath: caPath, limit: Self.largestAnswer)
    }

    /// 256 KiB: a token has at most 16.
    private static let largestAnswer = 256 << 10
}
