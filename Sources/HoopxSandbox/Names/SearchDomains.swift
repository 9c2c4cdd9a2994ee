import HoopxCore
import HoopxLinux

/// The domains in which this machine's resolvers look for names (resolv.conf(5)). Kubernetes gives each pod some, and
/// has resolvers try them first (`ndots:5`).
enum SearchDomains {
    static func ofMachine() -> [DomainName] { parse(TextFile.read("/etc/resolv.conf") ?? "") }

    /// What the last line with `search` or `domain` says, which is the one that counts.
    static func parse(_ text: String) -> [DomainName] {
        var domains: [DomainName] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let keyword = words.first, keyword == "search" || keyword == "domain" else { continue }
            // `search .` names the root: nothing is put behind a name.
            domains = words.dropFirst().compactMap { DomainName(String($0)) }
        }
        return domains
    }
}
