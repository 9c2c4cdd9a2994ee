import HoopxJSON

/// Reads a message of the Claude API from the data of its stream's events, or from the one JSON text that it is.
struct MessageReader: EventDataReceiver {
    var facts = ClaudeResponseFacts()
    /// The content, in order. Text is kept only where it was asked for.
    private(set) var blocks: [MessageBlock] = []
    private let keepsText: Bool
    private var inputLength = 0

    /// More blocks than any message has; what comes beyond is passed over.
    static let maximumBlocks = 4_096
    /// How much of the inputs of all tools together is kept, in bytes.
    static let maximumInputs = 4 << 20
    /// How much of names and identifiers is kept, in bytes.
    static let maximumNameLength = 256
    /// More tokens than any message has. What is said beyond it counts as not said: JSON must hold it exactly, and those
    /// who read the record add it up.
    static let maximumTokens = 1 << 40

    init(keepsText: Bool) { self.keepsText = keepsText }

    mutating func missedEvent() { facts.isWhole = false }

    mutating func take(_ data: UnsafeRawBufferPointer) {
        do { try readEvent(data) } catch { facts.isWhole = false }
    }

    /// Takes an answer that is no stream.
    mutating func takeWhole(_ json: UnsafeRawBufferPointer) {
        do {
            var message = JSONTokenizer(json)
            try readMessage(&message)
            facts.isComplete = facts.isWhole && message.isAtEnd() && !json.isEmpty
        } catch {
            facts.isWhole = false
        }
    }

    /// The stream has ended, whole or cut off: uses of tools that were under way count as they are.
    mutating func finish() {
        for index in blocks.indices { close(index) }
    }

    private mutating func readEvent(_ data: UnsafeRawBufferPointer) throws(JSONFault) {
        var event = JSONTokenizer(data)
        guard try event.enterObject() else { return }
        var type: JSONToken?
        var index = 0
        // What matters of each is known once the type is: members come in any order.
        var delta = UnsafeRawBufferPointer(start: nil, count: 0)
        var content = delta
        var message = delta
        var usage = delta
        var error = delta
        while let name = try event.nextMember() {
            if name == "type" {
                type = try event.stringOrSkip()
            } else if name == "index" {
                index = try event.integer() ?? 0
            } else if name == "delta" {
                delta = try event.skip()
            } else if name == "content_block" {
                content = try event.skip()
            } else if name == "message" {
                message = try event.skip()
            } else if name == "usage" {
                usage = try event.skip()
            } else if name == "error" {
                error = try event.skip()
            } else {
                try event.skip()
            }
        }
        guard let type else { return }
        if type == "content_block_delta" {
            try readContent(delta, index)
        } else if type == "content_block_start" {
            try openBlock(content, index)
        } else if type == "content_block_stop" {
            if let position = position(of: index) { close(position) }
        } else if type == "message_start" {
            var message = JSONTokenizer(message)
            try readMessage(&message)
        } else if type == "message_delta" {
            try readEnding(delta)
            try readUsage(usage)
        } else if type == "message_stop" {
            facts.isComplete = facts.isWhole
        } else if type == "error" {
            try readError(error)
        }
    }

    private func position(of index: Int) -> Int? {
        // Almost always the last.
        blocks.lastIndex { $0.index == index }
    }

    private mutating func readContent(_ delta: UnsafeRawBufferPointer, _ index: Int) throws(JSONFault) {
        guard let position = position(of: index) else { return }
        var delta = JSONTokenizer(delta)
        guard try delta.enterObject() else { return }
        while let name = try delta.nextMember() {
            if name == "text" || name == "thinking" {
                guard let piece = try delta.stringOrSkip() else { continue }
                count(piece, in: blocks[position].kind)
                if keepsText { blocks[position].append(piece) }
            } else if name == "partial_json" {
                guard let piece = try delta.stringOrSkip() else { continue }
                Self.keep(in: &blocks[position], &inputLength) { $0.append(piece, room: $1) }
            } else {
                try delta.skip()
            }
        }
    }

    private mutating func count(_ piece: JSONToken, in kind: MessageBlock.Kind) {
        switch kind {
        case .text: facts.textLength += piece.utf8Count
        case .thinking: facts.thinkingLength += piece.utf8Count
        case .toolUse, .other: break
        }
    }

    private mutating func openBlock(_ content: UnsafeRawBufferPointer, _ index: Int) throws(JSONFault) {
        guard blocks.count < Self.maximumBlocks else { return facts.isWhole = false }
        var block = MessageBlock(index: index)
        var opening: JSONToken?
        var content = JSONTokenizer(content)
        guard try content.enterObject() else { return }
        while let name = try content.nextMember() {
            if name == "type" {
                guard let type = try content.stringOrSkip() else { continue }
                block.kind = MessageBlock.Kind(type)
                block.type = Self.bounded(type) ?? ""
            } else if name == "id" {
                block.id = Self.bounded(try content.stringOrSkip()) ?? ""
            } else if name == "name" {
                block.name = Self.bounded(try content.stringOrSkip()) ?? ""
            } else if name == "input" {
                let input = try content.skip()
                Self.keep(in: &block, &inputLength) { $0.give(input, room: $1) }
            } else if name == "text" || name == "thinking" {
                opening = try content.stringOrSkip()
            } else {
                try content.skip()
            }
        }
        if let opening, !opening.bytes.isEmpty {
            count(opening, in: block.kind)
            if keepsText { block.append(opening) }
        }
        blocks.append(block)
    }

    /// Lets a block keep a part of a tool's input, as far as there is room for it.
    ///
    /// - Parameter total: how much all blocks keep.
    private static func keep(
        in block: inout MessageBlock, _ total: inout Int, _ take: (inout MessageBlock, _ room: Int) -> Void
    ) {
        let before = block.pieces.count
        take(&block, maximumInputs - total + before)
        total += block.pieces.count - before
    }

    private mutating func close(_ position: Int) {
        guard !blocks[position].isClosed else { return }
        blocks[position].isClosed = true
        if let use = blocks[position].toolUse { facts.toolUses.append(use) }
    }

    /// The whole of an answer that is no stream, or the head of one that is.
    private mutating func readMessage(_ message: inout JSONTokenizer) throws(JSONFault) {
        guard try message.enterObject() else { return }
        while let name = try message.nextMember() {
            if name == "id" {
                facts.messageID = Self.bounded(try message.stringOrSkip())
            } else if name == "model" {
                facts.model = Self.bounded(try message.stringOrSkip())
            } else if name == "stop_reason" {
                facts.stopReason = Self.bounded(try message.stringOrSkip()) ?? facts.stopReason
            } else if name == "usage" {
                try readUsage(try message.skip())
            } else if name == "input_tokens" {
                // The answer to count_tokens.
                facts.usage.input = try Self.tokens(&message) ?? facts.usage.input
            } else if name == "error" {
                try readError(try message.skip())
            } else if name == "content", try message.enterArray() {
                while try message.nextElement() { try openBlock(try message.skip(), blocks.count) }
            } else {
                try message.skip()
            }
        }
    }

    /// The delta of a `message_delta`.
    private mutating func readEnding(_ delta: UnsafeRawBufferPointer) throws(JSONFault) {
        var delta = JSONTokenizer(delta)
        guard try delta.enterObject() else { return }
        while let name = try delta.nextMember() {
            if name == "stop_reason" {
                facts.stopReason = Self.bounded(try delta.stringOrSkip()) ?? facts.stopReason
            } else {
                try delta.skip()
            }
        }
    }

    /// What a `message_delta` says counts from the message's beginning: it takes the place of what was said before.
    private mutating func readUsage(_ json: UnsafeRawBufferPointer) throws(JSONFault) {
        var usage = JSONTokenizer(json)
        guard try usage.enterObject() else { return }
        while let name = try usage.nextMember() {
            if name == "input_tokens" {
                facts.usage.input = try Self.tokens(&usage) ?? facts.usage.input
            } else if name == "output_tokens" {
                facts.usage.output = try Self.tokens(&usage) ?? facts.usage.output
            } else if name == "cache_creation_input_tokens" {
                facts.usage.cacheCreation = try Self.tokens(&usage) ?? facts.usage.cacheCreation
            } else if name == "cache_read_input_tokens" {
                facts.usage.cacheRead = try Self.tokens(&usage) ?? facts.usage.cacheRead
            } else {
                try usage.skip()
            }
        }
    }

    private static func tokens(_ json: inout JSONTokenizer) throws(JSONFault) -> Int? {
        try json.integer().flatMap { (0...maximumTokens).contains($0) ? $0 : nil }
    }

    private mutating func readError(_ json: UnsafeRawBufferPointer) throws(JSONFault) {
        var error = JSONTokenizer(json)
        guard try error.enterObject() else { return }
        var type = ""
        var message = ""
        while let name = try error.nextMember() {
            if name == "type" {
                type = Self.bounded(try error.stringOrSkip()) ?? ""
            } else if name == "message" {
                message = Self.bounded(try error.stringOrSkip(), 1_024) ?? ""
            } else {
                try error.skip()
            }
        }
        facts.error = ClaudeError(type: type, message: message)
    }

    private static func bounded(_ token: JSONToken?, _ limit: Int = maximumNameLength) -> String? {
        guard let token else { return nil }
        guard token.bytes.count > limit else { return token.text }
        return String(decoding: token.text.utf8.prefix(limit), as: UTF8.self)
    }
}
