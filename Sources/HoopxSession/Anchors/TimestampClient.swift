import HoopxCore
import HoopxOutbound
import HoopxTransparency

/// A time-stamping authority as an anchor: it signs that a checkpoint existed at a time (RFC 3161).
struct TimestampClient: Sendable {
    let url: String
    /// A PEM file of who vouches for the authority.
    let authorities: String
    let control: ControlClient

    /// Gets a time stamp of a signed checkpoint's bytes, and verifies it.
    func stamp(_ note: SignedNote, within deadline: Duration) async throws(HoopxError) -> TimestampResponse {
        let data = Array(note.encoded.utf8)
        let query = TimestampRequest(for: data)
        guard let address = ControlURL(url) else { throw failure("it is no http or https URL") }
        let answer: ControlResponse
        do throws(ControlFailure) {
            let request = ControlRequest(
                .post, address, fields: [("Content-Type", Secret("application/timestamp-query"))],
                body: .open(query.der))
            answer = try await control.send(request, limit: 64 << 10, deadline: deadline)
        } catch {
            throw failure("\(error)")
        }
        guard answer.status == 200 else { throw failure("it answered with status \(answer.status)") }
        let response = TimestampResponse(der: answer.body)
        do throws(InvalidTimestamp) {
            _ = try response.verify(of: data, request: query, authorities: authorities)
        } catch {
            throw failure("its answer does not count: \(error.found)")
        }
        return response
    }

    private func failure(_ found: String) -> HoopxError {
        HoopxError(.startup, doing: "getting a time stamp from \(url)", found: found)
    }
}
