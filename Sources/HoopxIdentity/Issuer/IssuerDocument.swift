import HoopxJSON
import HoopxOutbound

/// A JSON document that an issuer publishes, as it answered.
struct IssuerDocument: Sendable {
    enum Kind: String, Sendable {
        case discovery = "discovery document"
        case keys = "key set"
    }

    /// In bytes.
    static let maximumLength = 256 << 10

    let content: JSONValue
    /// The values of the Cache-Control fields.
    let cacheControl: [String]

    init(_ response: ControlResponse, from url: ControlURL) throws(DocumentFault) {
        if (300..<400).contains(response.status) {
            // Without the query, which is none of a log's business.
            let target = response.field("Location").map { ForeignText(String($0.prefix { $0 != "?" && $0 != "#" })) }
            throw DocumentFault(
                "\(url) answered \(response.status), a redirect to \(target?.description ?? "nowhere"), "
                    + "where JSON was expected",
                hint: "set the issuer to the URL that the identity provider names in its tokens (iss)")
        }
        guard response.status == 200 else {
            throw DocumentFault("\(url) answered \(response.status), where 200 with JSON was expected")
        }
        let type = response.field("Content-Type")?.lowercased() ?? ""
        let start = response.body.first { !" \t\r\n".utf8.contains($0) }
        guard !type.hasPrefix("text/html"), !type.hasPrefix("application/xhtml"), start != UInt8(ascii: "<") else {
            throw DocumentFault(
                "\(url) answered with an HTML page, where JSON was expected",
                hint: "check the issuer's URL, and whether a proxy or a login page answers in its place")
        }
        do {
            content = try JSONValue(json: response.body)
        } catch {
            throw DocumentFault("\(url) answered with \(response.body.count) bytes that hoopx does not take: \(error)")
        }
        guard case .object = content else {
            throw DocumentFault("\(url) answered with \(ForeignText(content)), where a JSON object was expected")
        }
        cacheControl = response.fields.filter { $0.name.lowercased() == "cache-control" }.map(\.value)
    }
}
