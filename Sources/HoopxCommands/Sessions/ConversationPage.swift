import HoopxAudit
import HoopxClaude
import HoopxJSON

/// The conversation with the model on the page that `hoopx sessions show` writes for people.
struct ConversationPage {
    /// Of the terminal, or nil where lines may have any length and nothing is left out (a pipe must lose nothing).
    let width: Int?
    /// Whether long texts are shown whole on a terminal too.
    let isFull: Bool

    /// How many lines of one text a terminal gets.
    private static let shownLines = 12
    private static let labelWidth = 11

    /// A question and its answer: what they cost, then who said what.
    func lines(of exchange: Exchange) -> [String] {
        var lines = ["  " + TextTable.fit(Console.printable(heading(of: exchange.request)), to: width.map { $0 - 2 })]
        for turn in exchange.asked {
            for block in turn.blocks { lines += paragraph(turn.role.isEmpty ? "?" : turn.role, block) }
        }
        if let answer = exchange.answer {
            for block in answer.blocks { lines += paragraph(answer.role, block) }
        } else {
            for use in exchange.toolUses { lines += paragraph("tool use", use.name + " " + use.input) }
        }
        return lines
    }

    /// What all requests together cost.
    static func total(of requests: [RequestRecord]) -> String? {
        let usages = requests.compactMap(\.usage)
        guard !usages.isEmpty else { return nil }
        let sum = usages.dropFirst().reduce(usages[0]) { sum, usage in
            TokenUsage(
                input: sum.input + usage.input, output: sum.output + usage.output,
                cacheCreation: sum.cacheCreation + usage.cacheCreation, cacheRead: sum.cacheRead + usage.cacheRead)
        }
        return "  Total: \(tokens(sum)), in \(usages.count) answer\(usages.count == 1 ? "" : "s")"
    }

    /// `4412 tokens in (4100 from cache, 300 to cache), 89 out`
    static func tokens(_ usage: TokenUsage) -> String {
        let cache = [(usage.cacheRead, "from"), (usage.cacheCreation, "to")].filter { $0.0 > 0 }
            .map { "\($0) \($1) cache" }.joined(separator: ", ")
        let sum = usage.input + usage.cacheRead + usage.cacheCreation
        return "\(sum) tokens in" + (cache.isEmpty ? "" : " (\(cache))") + ", \(usage.output) out"
    }

    private func heading(of request: RequestRecord) -> String {
        let status =
            request.denial.map { "denied: \($0.rawValue)" } ?? request.status.flatMap { $0 == 200 ? nil : "\($0)" }
        let facts = [
            request.model, status, request.usage.map(Self.tokens), request.stopReason,
            request.duration.map { HumanText.duration(microseconds: $0) }, request.upstreamRequestID,
        ]
        return "#\(request.number)  " + facts.compactMap(\.self).joined(separator: "; ")
    }

    private func paragraph(_ role: String, _ block: ClaudeContent) -> [String] {
        switch block {
        case .text(let text): paragraph(role, text)
        case .thinking(let text): paragraph("thinking", text)
        case .toolUse(let use):
            paragraph(
                use.place == .client ? "tool use" : "server tool",
                use.name + " " + Self.compact(use.input) + (use.isInputTruncated ? "..." : ""))
        case .toolResult(_, let text, let isError): paragraph(isError ? "tool error" : "tool result", text)
        case .other(let kind): paragraph(role, "[\(kind)]")
        }
    }

    /// A text beside who said it, wrapped at blanks.
    private func paragraph(_ label: String, _ text: String) -> [String] {
        let room = width.map { max(20, $0 - Self.labelWidth - 6) }
        var lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.flatMap { line in
            Self.wrapped(Console.printable(line.map { $0 == "\t" ? "    " : String($0) }.joined()), to: room)
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        if width != nil, !isFull, lines.count > Self.shownLines {
            let rest = lines.count - Self.shownLines
            lines.removeLast(rest)
            lines.append("... and \(rest) more lines (--full shows them)")
        }
        let label = TextTable.fit(Console.printable(label), to: Self.labelWidth)
        return lines.enumerated().map { index, line in
            guard !line.isEmpty else { return "" }
            let column = index == 0 ? label : ""
            return "    " + column + String(repeating: " ", count: Self.labelWidth + 2 - column.count) + line
        }
    }

    private static func wrapped(_ line: String, to width: Int?) -> [String] {
        guard let width else { return [line] }
        var lines: [String] = []
        var rest = Substring(line)
        while rest.count > width {
            let head = rest.prefix(width + 1)
            // A word that does not fit a line is cut.
            let end = head.lastIndex(of: " ").flatMap { $0 > rest.startIndex ? $0 : nil }
            lines.append(String(rest[..<(end ?? rest.index(rest.startIndex, offsetBy: width))]))
            rest = rest[(end.map { rest.index(after: $0) } ?? rest.index(rest.startIndex, offsetBy: width))...]
        }
        return lines + [String(rest)]
    }

    /// A tool's input on one line, where it is whole.
    private static func compact(_ input: [UInt8]) -> String {
        (try? JSONValue(json: input))?.json ?? String(decoding: input, as: UTF8.self)
    }
}
