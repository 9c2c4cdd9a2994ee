extension String {
    /// Whether both are the same bytes. `==` also takes other spellings of a character for the same: U+212A for K.
    func isIdentical(to other: String) -> Bool { utf8.elementsEqual(other.utf8) }

    /// Whether it holds what a terminal or a record would act on instead of showing it: control characters, line and
    /// paragraph separators, overrides of the writing direction.
    var hasControlCharacters: Bool {
        unicodeScalars.contains { scalar in
            switch scalar.value {
            case 0..<0x20, 0x7f..<0xa0, 0x2028...0x202e, 0x2066...0x2069: true
            default: false
            }
        }
    }
}
