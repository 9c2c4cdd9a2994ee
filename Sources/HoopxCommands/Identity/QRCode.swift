import CQREncode

/// A QR code (ISO/IEC 18004) as a terminal can draw it.
struct QRCode {
    private let width: Int
    /// Row by row, whether a module is dark.
    private let modules: [Bool]

    /// - Returns: nil where libqrencode is not installed, or the text is too long for any code.
    init?(_ text: String) {
        var bytes = [UInt8](repeating: 0, count: Int(HOOPX_QR_MAXIMUM_WIDTH * HOOPX_QR_MAXIMUM_WIDTH))
        let width = Int(hoopx_qr_symbol(text, &bytes))
        guard width > 0 else { return nil }
        self.width = width
        modules = bytes[..<(width * width)].map { $0 == 1 }
    }

    /// What a reader wants around it, in modules.
    private static let quietZone = 4

    /// The lines of the picture, and their width in columns. A character is two modules, one above the other; the colours
    /// are said, because a terminal can be dark on light or light on dark, and a reader wants dark on light.
    var lines: (text: [String], width: Int) {
        let side = width + 2 * Self.quietZone
        let text = stride(from: 0, to: side, by: 2).map { row in
            let blocks = (0..<side).map { column in
                switch (isDark(row, column), isDark(row + 1, column)) {
                case (true, true): "█"
                case (true, false): "▀"
                case (false, true): "▄"
                case (false, false): " "
                }
            }
            return "\u{1b}[30;107m" + blocks.joined() + "\u{1b}[0m"
        }
        return (text, side)
    }

    /// Light beyond the symbol.
    private func isDark(_ row: Int, _ column: Int) -> Bool {
        let (row, column) = (row - Self.quietZone, column - Self.quietZone)
        guard (0..<width).contains(row), (0..<width).contains(column) else { return false }
        return modules[row * width + column]
    }
}
