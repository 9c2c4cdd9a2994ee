import Testing

@testable import HoopxCommands

struct QRCodeTests {
    /// The picture as modules: whether each is dark.
    private func picture(_ text: String) throws -> [[Bool]] {
        let lines = try #require(QRCode(text)).lines
        return lines.text.flatMap { line -> [[Bool]] in
            let blocks = line.dropFirst("\u{1b}[30;107m".count).dropLast("\u{1b}[0m".count)
            #expect(blocks.count == lines.width)
            return [blocks.map { "█▀".contains($0) }, blocks.map { "█▄".contains($0) }]
        }
    }

    @Test func theCodeHasItsThreeFindersAndAQuietZoneAroundIt() throws {
        let picture = try picture("https://login.example.com/device?user_code=WDJB-MJHT")
        let side = picture[0].count
        // 21 and 4 more for each version, and 4 modules on either side.
        #expect((side - 8 - 21) % 4 == 0)
        for index in 0..<side {
            for edge in 0..<4 {
                #expect(!picture[edge][index] && !picture[index][edge])
                #expect(!picture[side - 1 - edge][index] && !picture[index][side - 1 - edge])
            }
        }
        let finder = ["#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"]
        for (row, column) in [(4, 4), (4, side - 11), (side - 11, 4)] {
            for line in 0..<7 {
                let found = picture[row + line][column..<(column + 7)].map { $0 ? "#" : "." }.joined()
                #expect(found == finder[line])
            }
        }
    }

    @Test func aTextThatIsTooLongHasNoCode() { #expect(QRCode(String(repeating: "x", count: 3_000)) == nil) }

    @Test func theEncodingIsThatOfTheFirstVariableThatIsSet() {
        #expect(TextEncoding.isUTF8(["LANG": "en_US.UTF-8"]))
        #expect(TextEncoding.isUTF8(["LC_ALL": "", "LC_CTYPE": "C.utf8", "LANG": "C"]))
        #expect(!TextEncoding.isUTF8(["LC_ALL": "C", "LANG": "en_US.UTF-8"]))
        #expect(!TextEncoding.isUTF8([:]))
    }
}
