import HoopxCore
import HoopxJSON

/// A principal as JSON, for programs. A value that is not there is null.
enum PrincipalJSON {
    static func document(_ principal: Principal) -> String { value(principal).page }

    static func value(_ principal: Principal) -> JSONValue {
        .object([
            "kind": .string(principal.kind.rawValue),
            "name": .string(principal.name),
            "subject": .string(principal.subject),
            "issuer": JSONValue(principal.issuer),
            "email": JSONValue(principal.email),
            "groups": .array(principal.groups.map(JSONValue.string)),
            "claims": .object(principal.claims.mapValues(JSONValue.string)),
            "verified": .bool(principal.isVerified),
            "verification": principal.verification.map(verification) ?? .null,
        ])
    }

    private static func verification(_ verification: Principal.Verification) -> JSONValue {
        .object([
            "method": .string(verification.method.rawValue),
            "algorithm": .string(verification.algorithm),
            "key_id": JSONValue(verification.keyID),
            "issued_at": .string(verification.issuedAt.description),
            "expires_at": .string(verification.expiresAt.description),
        ])
    }
}
