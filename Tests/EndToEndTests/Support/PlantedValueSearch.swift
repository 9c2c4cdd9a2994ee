import Foundation
import HoopxTestSupport

/// Looks for planted values with grep(1), in the forms in which they could lie in a file.
struct PlantedValueSearch {
    private let fixture: HoopxFixture
    private let origins: [String: String]
    private let patternFile: String

    init(_ planted: [PlantedValues], _ fixture: HoopxFixture) throws {
        self.fixture = fixture
        var origins: [String: String] = [:]
        for values in planted {
            for value in values.values {
                for secret in value.secrets {
                    for (form, text) in Self.forms(of: secret) where origins[text] == nil {
                        origins[text] = "\(value.entity) of \(values.place), \(form)"
                    }
                }
            }
        }
        self.origins = origins
        patternFile = try fixture.directory.file(
            "patterns", origins.keys.sorted().joined(separator: "\n") + "\n")
    }

    /// What is found in files below these directories that are newer than the search: "FILE: CREDIT_CARD of path, raw".
    func findings(in directories: [String]) async throws -> Set<String> {
        let script = """
            find "$@" -xdev -type f -newer "$0" -print0 2>/dev/null | LC_ALL=C xargs -0 -r grep -aFoHs -f "$0" -- | sort -u
            """
        let found = try await fixture.start(program: ["/bin/sh", "-c", script, patternFile] + directories).finish()
        return Set(
            found.stdout.split(separator: "\n").map { line in
                let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
                return "\(parts[0]): \(origins[parts.count > 1 ? parts[1] : ""] ?? "\(line)")"
            })
    }

    private static func forms(of secret: String) -> [(form: String, text: String)] {
        let bytes = Array(secret.utf8)
        func each(_ prefix: String, _ digits: Int, upper: Bool) -> String {
            bytes.map { byte in
                let hexadecimal = String(byte, radix: 16, uppercase: upper)
                return prefix + String(repeating: "0", count: digits - hexadecimal.count) + hexadecimal
            }.joined()
        }
        var forms = [("raw", secret)]
        for upper in [false, true] {
            forms += [
                ("JSON", each("\\u", 4, upper: upper)), ("URL", each("%", 2, upper: upper)),
                ("hexadecimal", each("", 2, upper: upper)),
            ]
        }
        forms.append(("JSON", secret.replacingOccurrences(of: "/", with: "\\/")))
        forms.append(("URL", secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret))
        // In base64 there are three ways to begin; the characters that hold bits of the neighbours are left out.
        for shift in 0..<3 {
            let text = (Data(repeating: 0, count: shift) + Data(bytes)).base64EncodedString()
            let length = (shift + bytes.count) * 8 / 6
            let inner = String(text.prefix(length).dropFirst(shift == 0 ? 0 : shift + 1))
            forms.append(("base64", inner))
            forms.append(
                ("base64", inner.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")))
        }
        return forms
    }
}
