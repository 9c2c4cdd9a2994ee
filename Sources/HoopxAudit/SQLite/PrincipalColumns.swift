import GRDB
import HoopxCore

/// `Principal` as columns of the table `session`.
enum PrincipalColumns {
    static func read(_ row: Row, in database: Database) throws -> Principal {
        guard let kind = Principal.Kind(rawValue: row["principal_kind"]) else {
            throw DamagedRow(found: "a session's principal cannot be read")
        }
        return Principal(
            kind: kind, name: row["principal_name"], subject: row["principal_subject"], issuer: row["principal_issuer"],
            email: row["principal_email"], groups: try JSONStrings.array(row["principal_groups"], in: database),
            claims: try JSONStrings.object(row["principal_claims"], in: database), verification: try verification(row))
    }

    private static func verification(_ row: Row) throws -> Principal.Verification? {
        guard let method = row["verification_method"] as String? else { return nil }
        guard let method = Principal.Verification.Method(rawValue: method),
            let algorithm = row["verification_algorithm"] as String?,
            let issuedAt = row["verification_issued_at"] as Int64?,
            let expiresAt = row["verification_expires_at"] as Int64?
        else { throw DamagedRow(found: "how a session's principal was verified cannot be read") }
        return Principal.Verification(
            method: method, algorithm: algorithm, keyID: row["verification_key_id"],
            issuedAt: Timestamp(microseconds: issuedAt), expiresAt: Timestamp(microseconds: expiresAt))
    }
}
