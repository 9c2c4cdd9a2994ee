import HoopxCore
import HoopxOutbound
import HoopxTransparency

/// A witness as an anchor: it signs that it has never seen a state of the log that this one does not continue (C2SP
/// tlog-witness).
struct WitnessClient: Sendable {
    /// Its submission prefix.
    let url: String
    let key: LogVerifier
    let control: ControlClient

    /// How often the witness may answer that it knows another size, while other runs ask it for this log too.
    private static let attempts = 3

    /// Has a checkpoint cosigned.
    ///
    /// - Parameters:
    ///   - knownSize: the size that the witness has cosigned last, as far as is known; else 0.
    ///   - proof: makes a proof that the checkpoint continues the log as it was with so many leaves.
    /// - Returns: the witness's signatures, verified.
    func cosign(
        _ signed: SignedCheckpoint, knownSize: Int64, within deadline: Duration,
        proof: (Int64) throws(HoopxError) -> ConsistencyProof
    ) async throws(HoopxError) -> [NoteSignature] {
        guard let address = ControlURL(url.hasSuffix("/") ? url + "add-checkpoint" : url + "/add-checkpoint") else {
            throw failure("it is no http or https URL")
        }
        var oldSize = knownSize
        for _ in 0..<Self.attempts {
            guard oldSize <= signed.checkpoint.size else { throw rollback(knownSize: oldSize, signed.checkpoint) }
            let hashes = try proof(oldSize).path.map { $0.base64 + "\n" }.joined()
            let body = "old \(oldSize)\n\(hashes)\n\(signed.note.encoded)"
            let answer: ControlResponse
            do throws(ControlFailure) {
                let request = ControlRequest(.post, address, fields: [], body: .open(Array(body.utf8)))
                answer = try await control.send(request, limit: 64 << 10, deadline: deadline)
            } catch {
                throw failure("\(error)")
            }
            switch answer.status {
            case 200: return try verified(answer.body, of: signed)
            case 409:
                guard let size = Self.size(in: answer), size != oldSize else {
                    throw failure(
                        "it has cosigned another log of this name and size",
                        hint: "hoopx audit verify tells whether the log was changed")
                }
                oldSize = size
            case 404: throw failure("it does not know the log", hint: Self.registration)
            case 403: throw failure("it does not know the log's key", hint: Self.registration)
            case 422: throw failure("it does not take the log for a continuation of what it has cosigned")
            default: throw failure("it answered with status \(answer.status)")
            }
        }
        throw failure("its log grew with each attempt", hint: "the next checkpoint will be tried again")
    }

    private static let registration = "give its operator what hoopx audit key prints"

    private func verified(_ body: [UInt8], of signed: SignedCheckpoint) throws(HoopxError) -> [NoteSignature] {
        guard let text = String(validating: body, as: UTF8.self) else { throw failure("its answer is no text") }
        // What other keys sign beside it is not asked for.
        let signatures = text.split(separator: "\n").compactMap { NoteSignature(line: String($0)) }
            .filter { $0.keyName == key.name && $0.keyID == key.keyID }
        guard key.verify(SignedNote(text: signed.note.text, signatures: signatures)) == .valid else {
            throw failure("its answer has no valid signature of \(key.name)", hint: "check the witness's key")
        }
        return signatures
    }

    private static func size(in answer: ControlResponse) -> Int64? {
        guard answer.field("Content-Type") == "text/x.tlog.size", answer.body.last == UInt8(ascii: "\n") else {
            return nil
        }
        let text = String(decoding: answer.body.dropLast(), as: UTF8.self)
        guard let size = Int64(text), size >= 0, String(size) == text else { return nil }
        return size
    }

    private func rollback(knownSize: Int64, _ checkpoint: Checkpoint) -> HoopxError {
        failure(
            "it has cosigned the log with \(knownSize) events, and here it has \(checkpoint.size)",
            hint: "the log was rolled back, or is a copy: hoopx audit verify tells more")
    }

    private func failure(_ found: String, hint: String? = nil) -> HoopxError {
        HoopxError(.startup, doing: "having a checkpoint cosigned by \(url)", found: found, hint: hint)
    }
}
