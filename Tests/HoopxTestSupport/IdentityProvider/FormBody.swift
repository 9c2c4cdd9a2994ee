import Foundation
import NIOHTTP1

extension ReceivedRequest {
    /// The parameters of a form in the body (application/x-www-form-urlencoded), without those that are repeated.
    public var form: [String: String] { parameters(text) }

    /// The parameters of the request target.
    public var query: [String: String] {
        guard let mark = uri.firstIndex(of: "?") else { return [:] }
        return parameters(String(uri[uri.index(after: mark)...]))
    }

    /// Whether the body is a form in which no parameter is repeated (RFC 6749, 3.2).
    var isStrictForm: Bool {
        let type = headers["content-type"].first?.prefix { $0 != ";" }.lowercased()
        return type == "application/x-www-form-urlencoded" && form.count == text.split(separator: "&").count
    }

    private func parameters(_ text: String) -> [String: String] {
        let pairs = text.split(separator: "&").compactMap { pair -> (String, String)? in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), let value = Self.decoded(parts.count > 1 ? parts[1] : "") else {
                return nil
            }
            return (name, value)
        }
        let counts = Dictionary(pairs.map { ($0.0, 1) }, uniquingKeysWith: +)
        return Dictionary(pairs.filter { counts[$0.0] == 1 }) { first, _ in first }
    }

    private static func decoded(_ text: Substring) -> String? {
        String(text).replacing("+", with: " ").removingPercentEncoding
    }
}
