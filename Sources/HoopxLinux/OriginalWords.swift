import Glibc

/// Words that hoopx was started with, its arguments and its environment, byte for byte.
///
/// In text, bytes that are no UTF-8 become U+FFFD. hoopx may show such a word so and compare it, but what it starts must get
/// what it was given itself: file names are any bytes.
struct OriginalWords {
    private let words: [[UInt8]]

    init(_ words: [[UInt8]]) { self.words = words }

    static var arguments: OriginalWords { OriginalWords(bytes(of: CommandLine.unsafeArgv)) }

    static var environment: OriginalWords { OriginalWords(bytes(of: environ)) }

    /// The bytes of texts: those of the words that they were made from, where that is to be seen and they are among these.
    ///
    /// Two words can become the same text. A command's words are the last of hoopx's arguments, so that the last of the
    /// texts is the last of the words.
    func bytes(of texts: [String]) -> [[UInt8]] {
        var left = words[...]
        return Array(
            texts.reversed().map { text -> [UInt8] in
                let bytes = Array(text.utf8)
                guard text.unicodeScalars.contains("\u{fffd}"),
                    let place = left.lastIndex(where: { String(decoding: $0, as: UTF8.self).utf8.elementsEqual(bytes) })
                else { return bytes }
                defer { left = left[..<place] }
                return left[place]
            }.reversed())
    }

    private static func bytes(
        of strings: UnsafePointer<UnsafeMutablePointer<CChar>?>
    ) -> [[UInt8]] {
        var (next, words) = (strings, [[UInt8]]())
        while let word = next.pointee {
            words.append(Array(UnsafeRawBufferPointer(start: word, count: strlen(word))))
            next += 1
        }
        return words
    }
}
