import HoopxMasking

extension PlantedValue {
    static let nationalNumbers = [
        PlantedValue(
            entity: .usSSN, phrases: ["SSN", "social security number"],
            keys: ["ssn", "user_ssn", "social_security_number"],
            valid: { random in grouped(ssn(&random), [3, 2, 4], &random) },
            nearMiss: { random in
                let number = ssn(&random)
                return random.pick([
                    "000" + number.dropFirst(3), "666-" + number.dropFirst(3).grouped([2, 4], by: "-"), number + "1",
                    number.grouped([3, 2, 4], by: "-") + "7", "9" + number.grouped([3, 2, 4], by: "-"),
                    String(number.prefix(3)) + "-00-" + number.suffix(4),
                    "build-" + number.grouped([3, 2, 4], by: "-"),
                ])
            }),
        PlantedValue(
            entity: .usITIN, phrases: ["ITIN", "individual taxpayer number"], keys: ["itin", "taxpayer_itin"],
            valid: { random in grouped(itin(&random), [3, 2, 4], &random) },
            nearMiss: { random in
                "9" + random.digits(2) + random.pick(["-93-", "-66-", "-00-", "-49-"]) + random.digits(4)
            }),
        PlantedValue(
            entity: .usPassport, phrases: ["passport number", "US passport"], keys: ["passport_number", "passport"],
            valid: { random in
                Valid(random.chance(50) ? "\(random.number(1...8))" + random.digits(8) : "C0" + random.digits(7))
            },
            nearMiss: { random in
                random.pick([random.digits(7), random.digits(12), "CC" + random.digits(8), random.digits(8) + "C"])
            }),
        PlantedValue(
            entity: .usDriverLicense, phrases: ["driver's license number", "driver license", "driving licence"],
            keys: ["drivers_license", "driver_license_number"],
            valid: { random in
                let letter = random.text(1, of: "ABCDEFGHJKLMNPRSTVWXYZ")
                return random.chance(80)
                    ? Valid(
                        random.pick([
                            letter + random.digits(7), letter + random.digits(12), random.digits(9), random.digits(8),
                        ]))
                    : Valid(letter + random.digits(12).grouped([3, 3, 2, 3], by: "-"), isPlain: false)
            },
            nearMiss: { random in
                random.pick(["class " + random.digits(1), "in 2024", "fee $" + random.digits(2), random.hex(32)])
            }),
        PlantedValue(
            entity: .ukNHS, phrases: ["NHS number", "NHS no"], keys: ["nhs_number", "nhs"],
            valid: { random in grouped(nhs(&random), [3, 3, 4], &random, by: [" ", "-"]) },
            nearMiss: { random in
                random.pick([nhs(&random).withWrongCheckDigit, nhs(&random) + "0", String(nhs(&random).dropLast())])
            }),
        PlantedValue(
            entity: .esNIF, phrases: ["NIF", "DNI", "documento de identidad"], keys: ["nif", "dni"],
            valid: { random in
                let digits = random.digits(8)
                let letter = spanishLetter(Int(digits) ?? 0)
                return random.chance(60) ? Valid(digits + letter) : Valid(digits + "-" + letter, isPlain: false)
            },
            nearMiss: { random in
                let digits = random.digits(8)
                let other = spanishLetter((Int(digits) ?? 0) + 1)
                return random.pick([digits + other, "1" + digits + "A", digits + "AB", digits + "_" + other])
            }),
        PlantedValue(
            entity: .esNIE, phrases: ["NIE", "n\u{fa}mero de extranjero"], keys: ["nie", "foreigner_id"],
            valid: { random in
                let (first, digits) = (random.number(0...2), random.digits(7))
                return Valid(["X", "Y", "Z"][first] + digits + spanishLetter(Int("\(first)" + digits) ?? 0))
            },
            nearMiss: { random in
                let digits = random.digits(7)
                return "X" + digits + spanishLetter((Int(digits) ?? 0) + 1)
            }),
        PlantedValue(
            entity: .itFiscalCode, phrases: ["codice fiscale", "tax code"], keys: ["codice_fiscale", "fiscal_code"],
            valid: { random in Valid(fiscalCode(&random)) },
            nearMiss: { random in
                let code = fiscalCode(&random)
                let wrong = code.last == "Z" ? "A" : "Z"
                return random.pick([String(code.dropLast()) + wrong, String(code.dropLast()), code + "A"])
            }),
        PlantedValue(
            entity: .deTaxID, phrases: ["Steuer-ID", "Steueridentifikationsnummer", "steuerliche IdNr"],
            keys: ["steuer_id", "tax_id_de", "idnr"],
            valid: { random in
                let id = germanTaxID(&random)
                return random.chance(70) ? Valid(id) : Valid(id.grouped([2, 3, 3, 3], by: " "), isPlain: false)
            },
            nearMiss: { random in
                let id = germanTaxID(&random)
                return random.pick([id.withWrongCheckDigit, id + "0", "0" + id.dropFirst(), "1234567890" + "3"])
            }),
        PlantedValue(
            entity: .inAadhaar, phrases: ["Aadhaar number", "UIDAI Aadhaar"], keys: ["aadhaar", "aadhaar_number"],
            valid: { random in grouped(aadhaar(&random), [4, 4, 4], &random, by: [" ", "-"]) },
            nearMiss: { random in
                let number = aadhaar(&random)
                return random.pick([number.withWrongCheckDigit, number + "5", "1" + number.dropFirst()])
            }),
        PlantedValue(
            entity: .brCPF, phrases: ["CPF", "CPF do contribuinte"], keys: ["cpf", "cpf_number"],
            valid: { random in
                let number = cpf(&random)
                return random.chance(50)
                    ? Valid(number)
                    : Valid(number.prefix(9).grouped([3, 3, 3], by: ".") + "-" + number.suffix(2), isPlain: false)
            },
            nearMiss: { random in
                let number = cpf(&random)
                return random.pick([number.withWrongCheckDigit, number + "1", "11111111111"])
            }),
        PlantedValue(
            entity: .auTFN, phrases: ["TFN", "tax file number"], keys: ["tfn", "tax_file_number"],
            valid: { random in grouped(tfn(&random), [3, 3, 3], &random, by: [" "]) },
            nearMiss: { random in random.pick([tfn(&random).withWrongCheckDigit, tfn(&random) + "0"]) }),
    ]

    private static func grouped(
        _ number: String, _ sizes: [Int], _ random: inout SeededRandom, by separators: [String] = ["-", " "]
    ) -> Valid {
        random.chance(50) ? Valid(number) : Valid(number.grouped(sizes, by: random.pick(separators)), isPlain: false)
    }

    static func ssn(_ random: inout SeededRandom) -> String {
        let area = random.pick([random.number(100...665), random.number(667...899)])
        return "\(area)\(random.number(10...99))\(random.number(1000...9998))"
    }

    private static func itin(_ random: inout SeededRandom) -> String {
        "9" + random.digits(2)
            + "\(random.pick([random.number(50...65), random.number(70...88), random.number(94...99)]))"
            + random.digits(4)
    }

    private static func nhs(_ random: inout SeededRandom) -> String {
        while true {
            let nine = random.digits(9)
            let sum = zip(nine.digitValues, (2...10).reversed()).reduce(0) { $0 + $1.0 * $1.1 }
            let check = (11 - sum % 11) % 11
            if check != 10, Set(nine).count > 1 { return nine + "\(check)" }
        }
    }

    private static func spanishLetter(_ number: Int) -> String { String(Array("TRWAGMYFPDXBNJZSQVHLCKE")[number % 23]) }

    private static func fiscalCode(_ random: inout SeededRandom) -> String {
        let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        let day = random.number(1...31) + (random.chance(50) ? 40 : 0)
        let code =
            random.text(6, of: "BCDFGLMNPRSTVZ") + random.digits(2) + random.text(1, of: "ABCDEHLMPRST")
            + (day < 10 ? "0\(day)" : "\(day)") + random.text(1, of: "ABCDEFGHILM") + random.digits(3)
        let odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]
        var sum = 0
        for (place, character) in code.enumerated() {
            let value = character.wholeNumberValue ?? Array(upper).firstIndex(of: character) ?? 0
            sum += place.isMultiple(of: 2) ? odd[value] : value
        }
        return code + String(Array(upper)[sum % 26])
    }

    private static func germanTaxID(_ random: inout SeededRandom) -> String {
        // Ten digits of which one occurs twice and one not at all.
        var digits = Array(0...9).shuffled(using: &random)
        digits[random.number(0...8)] = digits[9]
        if digits[0] == 0 { digits.swapAt(0, digits.firstIndex { $0 != 0 } ?? 1) }
        var product = 10
        for digit in digits {
            let sum = (digit + product) % 10
            product = (sum == 0 ? 10 : sum) * 2 % 11
        }
        return digits.map(String.init).joined() + "\((11 - product) % 10)"
    }

    private static func aadhaar(_ random: inout SeededRandom) -> String {
        let eleven = "\(random.number(2...9))" + random.digits(10)
        let inverse = [0, 4, 3, 2, 1, 5, 6, 7, 8, 9]
        var check = 0
        for (place, digit) in eleven.digitValues.reversed().enumerated() {
            var value = digit
            for _ in 0..<((place + 1) % 8) { value = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4][value] }
            check = dihedral(check, value)
        }
        return eleven + "\(inverse[check])"
    }

    private static func dihedral(_ left: Int, _ right: Int) -> Int {
        switch (left < 5, right < 5) {
        case (true, true): (left + right) % 5
        case (true, false): 5 + (left + right - 5) % 5
        case (false, true): 5 + (left - 5 - right + 5) % 5
        case (false, false): (left - right + 5) % 5
        }
    }

    private static func cpf(_ random: inout SeededRandom) -> String {
        var digits = random.digits(9)
        for count in [10, 11] {
            let sum = zip(digits.digitValues, (2...count).reversed()).reduce(0) { $0 + $1.0 * $1.1 }
            digits += "\(sum * 10 % 11 % 10)"
        }
        return digits
    }

    private static func tfn(_ random: inout SeededRandom) -> String {
        while true {
            let eight = "\(random.number(1...9))" + random.digits(7)
            let sum = zip(eight.digitValues, [1, 4, 3, 7, 5, 8, 6, 9]).reduce(0) { $0 + $1.0 * $1.1 }
            // 10 is -1: the last digit must make the sum a multiple of 11.
            if sum % 11 < 10 { return eight + "\(sum % 11)" }
        }
    }
}
