/// A DNS query of a target, read from hostile bytes (RFC 1035, section 4).
struct DNSQuery: Hashable, Sendable {
    enum RecordType {
        static let a: UInt16 = 1
        static let aaaa: UInt16 = 28
        static let any: UInt16 = 255
        static let opt: UInt16 = 41
    }

    /// The response codes that hoopx gives (RFC 1035, 4.1.1; RFC 6891, 9 for the last).
    enum ResponseCode: UInt16, Sendable {
        case formatError = 1
        case serverFailure = 2
        case nameError = 3
        case notImplemented = 4
        case refused = 5
        case badVersion = 16
    }

    /// Why a message gets no answer from the table.
    enum Flaw: Error, Hashable {
        /// Too short to be answered, or itself an answer: answering could go in circles.
        case unanswerable
        case refused(id: UInt16, flags: UInt16, ResponseCode)
    }

    let id: UInt16
    /// The flags as they came; the answer repeats opcode, RD and CD.
    let flags: UInt16
    /// The labels of the name asked for, in the letters that were used.
    let labels: [[UInt8]]
    let type: UInt16
    /// The question's bytes, which the answer repeats: resolvers compare them, some letter by letter.
    let question: [UInt8]
    /// The version of EDNS that the query offers, nil without (RFC 6891).
    let ednsVersion: UInt8?

    init(_ message: [UInt8]) throws(Flaw) {
        var reader = Reader(bytes: message)
        guard let id = reader.word(), let flags = reader.word(), flags & 0x8000 == 0,
            let questions = reader.word(), let answers = reader.word(), let authorities = reader.word(),
            let additionals = reader.word()
        else { throw .unanswerable }
        guard flags & 0x7800 == 0 else { throw .refused(id: id, flags: flags, .notImplemented) }
        let start = reader.position
        guard questions == 1, answers == 0, authorities == 0, additionals <= 4, let labels = reader.name(),
            let type = reader.word(), let classNumber = reader.word()
        else { throw .refused(id: id, flags: flags, .formatError) }
        let question = Array(message[start..<reader.position])
        guard classNumber == 1 else { throw .refused(id: id, flags: flags, .refused) }
        var ednsVersion: UInt8?
        for _ in 0..<additionals {
            guard let owner = reader.name(), let recordType = reader.word(), reader.word() != nil,
                let extended = reader.word(), reader.word() != nil, let length = reader.word(), reader.skip(Int(length))
            else { throw .refused(id: id, flags: flags, .formatError) }
            guard recordType == RecordType.opt else { continue }
            guard owner.isEmpty, ednsVersion == nil else { throw .refused(id: id, flags: flags, .formatError) }
            ednsVersion = UInt8(extended & 0xff)
        }
        self.id = id
        self.flags = flags
        self.labels = labels
        self.type = type
        self.question = question
        self.ednsVersion = ednsVersion
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        mutating func word() -> UInt16? {
            guard position + 2 <= bytes.count else { return nil }
            defer { position += 2 }
            return UInt16(bytes[position]) << 8 | UInt16(bytes[position + 1])
        }

        mutating func skip(_ count: Int) -> Bool {
            guard position + count <= bytes.count else { return false }
            position += count
            return true
        }

        /// A name without compression: a query has nothing to point back to.
        mutating func name() -> [[UInt8]]? {
            var labels: [[UInt8]] = []
            var length = 0
            while position < bytes.count {
                let count = Int(bytes[position])
                position += 1
                if count == 0 { return labels }
                length += count + 1
                guard count < 64, length < 255, position + count <= bytes.count else { return nil }
                labels.append(Array(bytes[position..<position + count]))
                position += count
            }
            return nil
        }
    }
}

/// The answer to a query, and its encoding.
enum DNSAnswer: Hashable, Sendable {
    /// The address, as the record type that was asked for: 4 bytes answer A, 16 bytes AAAA.
    case address([UInt8])
    /// The name exists, but has no record of the type (NODATA, RFC 2308).
    case noData
    case failure(DNSQuery.ResponseCode)

    /// How long a resolver may keep an address, in seconds. It holds for the session; nothing of it should outlive one.
    static let timeToLive: UInt16 = 60

    /// The message that answers a query.
    func message(to query: DNSQuery) -> [UInt8] {
        var code: UInt16 = 0
        if case .failure(let failure) = self { code = failure.rawValue }
        var records: [UInt8] = []
        var answers: UInt16 = 0
        if case .address(let address) = self {
            answers = 1
            let type = address.count == 4 ? DNSQuery.RecordType.a : DNSQuery.RecordType.aaaa
            // 0xc00c points back to the question's name.
            records = Self.bytes(of: [0xc00c, type, 1, 0, Self.timeToLive, UInt16(address.count)]) + address
        }
        if query.ednsVersion != nil {
            records += [0] + Self.bytes(of: [DNSQuery.RecordType.opt, 1232, (code >> 4) << 8, 0, 0])
        }
        return Self.header(id: query.id, flags: query.flags, code: code)
            + Self.bytes(of: [1, answers, 0, query.ednsVersion == nil ? 0 : 1]) + query.question + records
    }

    /// The message that answers what could not be read as a query; nil where silence is the answer.
    static func message(to flaw: DNSQuery.Flaw) -> [UInt8]? {
        guard case .refused(let id, let flags, let code) = flaw else { return nil }
        return header(id: id, flags: flags, code: code.rawValue) + bytes(of: [0, 0, 0, 0])
    }

    /// An answer (QR) with recursion available (RA); opcode, RD and CD as in the query.
    private static func header(id: UInt16, flags: UInt16, code: UInt16) -> [UInt8] {
        bytes(of: [id, 0x8080 | flags & 0x7910 | code & 0xf])
    }

    private static func bytes(of words: [UInt16]) -> [UInt8] {
        words.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
    }
}
