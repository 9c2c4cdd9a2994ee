import HoopxCore

/// The page that `hoopx whoami` writes for people.
enum PrincipalPage {
    static func lines(of principal: Principal, now: Timestamp) -> [String] {
        var facts = [
            ("Name", principal.name), ("Kind", kind(principal.kind)), ("Issuer", principal.issuer ?? "-"),
            ("Subject", principal.subject), ("Email", principal.email ?? "-"),
            ("Groups", principal.groups.isEmpty ? "-" : principal.groups.joined(separator: ", ")),
        ]
        for (name, value) in principal.claims.sorted(by: { $0.key < $1.key }) {
            facts.append(("Claim", "\(name): \(value)"))
        }
        if let verification = principal.verification {
            let left = verification.expiresAt.microseconds - now.microseconds
            let time = HumanText.localTime(verification.expiresAt)
            facts.append(("Expires", left > 0 ? "\(time), in \(HumanText.duration(microseconds: left))" : time))
            let key = verification.keyID.map { ", key \($0)" } ?? ""
            facts.append(("Verified", "\(method(verification.method)), signed with \(verification.algorithm)\(key)"))
        } else {
            facts.append(("Verified", "no: nobody vouches for the name"))
        }
        return facts.map { name, value in
            name + String(repeating: " ", count: 10 - name.count) + Console.printable(value)
        }
    }

    private static func kind(_ kind: Principal.Kind) -> String {
        switch kind {
        case .user: "a person"
        case .workload: "a workload"
        case .localUser: "the local user"
        }
    }

    private static func method(_ method: Principal.Verification.Method) -> String {
        switch method {
        case .deviceAuthorization: "by a login in a browser"
        case .gitHubActions: "by GitHub Actions"
        case .gitLabCI: "by GitLab CI"
        case .tokenFile: "by a token in a file"
        case .tokenVariable: "by a token in the environment"
        }
    }
}
