import HoopxMasking

extension PlantedValue {
    static let payments = [
        PlantedValue(
            entity: .creditCard,
            phrases: ["card number", "Kreditkarte", "carte bancaire", "tarjeta", "carta di credito"],
            keys: ["card_number", "pan", "creditCard"],
            valid: { random in
                let (prefix, length) = random.pick([
                    ("4", 16), ("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16), ("34", 15), ("37", 15),
                    ("6011", 16), ("65", 16), ("3528", 16), ("36", 14),
                ])
                let card = luhn(prefix + random.digits(length - prefix.count - 1))
                guard random.chance(50) else { return Valid(card) }
                let sizes = length == 15 ? [4, 6, 5] : length == 14 ? [4, 6, 4] : [4, 4, 4, 4]
                return Valid(card.grouped(sizes, by: random.pick([" ", "-"])), isPlain: false)
            },
            nearMiss: { random in
                let card = luhn("4" + random.digits(14))
                return random.pick([
                    card.withWrongCheckDigit, String(card.dropLast()), card + "0", "ref" + card,
                    "9" + luhn(random.digits(14)),
                    card.withWrongCheckDigit.grouped([4, 4, 4, 4], by: " "), "1" + random.digits(15),
                ])
            }),
        PlantedValue(
            entity: .ibanCode, phrases: ["IBAN", "Kontoverbindung", "compte bancaire", "cuenta"],
            keys: ["iban", "account_iban"],
            valid: { random in
                let code = iban(&random)
                return random.chance(50)
                    ? Valid(code)
                    : Valid(code.grouped([Int](repeating: 4, count: code.count / 4), by: " "), isPlain: false)
            },
            nearMiss: { random in
                let code = iban(&random)
                let wrong =
                    String(code.prefix(2)) + (code.dropFirst(2).prefix(2) == "50" ? "51" : "50") + code.dropFirst(4)
                return random.pick([wrong, String(code.dropLast()), "ZZ" + code.dropFirst(2), "x" + code, code + "7"])
            }),
        PlantedValue(
            entity: .usBankNumber, phrases: ["bank account number", "account number", "checking account no"],
            keys: ["account_number", "bank_account_no"],
            valid: { random in Valid("\(random.number(1...9))" + random.digits(random.number(8...13))) },
            nearMiss: { random in random.pick([random.digits(5), "acc" + random.digits(10), random.hex(16) + "f"]) }),
        PlantedValue(
            entity: .abaRouting, phrases: ["routing number", "ABA number"], keys: ["routing_number", "aba"],
            valid: { random in
                let number = aba(&random)
                return random.chance(70) ? Valid(number) : Valid(number.grouped([4, 4, 1], by: "-"), isPlain: false)
            },
            nearMiss: { random in
                let number = aba(&random)
                return random.pick([
                    number.withWrongCheckDigit, number + "0", String(number.dropLast()), "99" + number.dropFirst(2),
                ])
            }),
        PlantedValue(
            entity: .cryptoAddress, phrases: ["wallet address", "bitcoin address", "BTC wallet"],
            keys: ["wallet", "btc_address"],
            valid: { random in Valid(random.pick(cryptoAddresses)) },
            nearMiss: { random in
                let address = random.pick(cryptoAddresses)
                let last = address.last == "2" ? "3" : "2"
                return random.pick([String(address.dropLast()) + last, String(address.dropLast()), random.hex(40)])
            }),
    ]

    /// The check digit of ISO/IEC 7812-1 is appended.
    static func luhn(_ digits: String) -> String {
        let sum = digits.digitValues.reversed().enumerated().reduce(0) { sum, digit in
            let doubled = digit.element * 2
            return sum + (digit.offset.isMultiple(of: 2) ? doubled / 10 + doubled % 10 : digit.element)
        }
        return digits + "\((10 - sum % 10) % 10)"
    }

    private static func iban(_ random: inout SeededRandom) -> String {
        let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        let (country, account) = random.pick([
            ("DE", random.digits(18)), ("ES", random.digits(20)), ("GB", random.text(4, of: upper) + random.digits(14)),
            ("FR", random.digits(23)), ("NL", random.text(4, of: upper) + random.digits(10)), ("CH", random.digits(17)),
            ("IT", random.text(1, of: upper) + random.digits(22)), ("PL", random.digits(24)), ("AT", random.digits(16)),
            ("BE", random.digits(12)), ("NO", random.digits(11)), ("SE", random.digits(20)), ("PT", random.digits(21)),
            ("IE", random.text(4, of: upper) + random.digits(14)),
            ("MT", random.text(4, of: upper) + random.digits(5) + random.text(18, of: upper + "0123456789")),
        ])
        var remainder = 0
        for character in account + country + "00" {
            let value = Int(String(character), radix: 36) ?? 0
            remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
        }
        let check = 98 - remainder
        return country + (check < 10 ? "0\(check)" : "\(check)") + account
    }

    private static func aba(_ random: inout SeededRandom) -> String {
        let eight = random.pick(["02", "11", "12", "26", "31", "06", "32", "07"]) + random.digits(6)
        let sum = zip(eight.digitValues, [3, 7, 1, 3, 7, 1, 3, 7]).reduce(0) { $0 + $1.0 * $1.1 }
        return eight + "\((10 - sum % 10) % 10)"
    }

    /// From the documents that define them: BIP 13, 141, 173, 350, EIP-55; and of well-known blocks.
    private static let cryptoAddresses = [
        "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ]
}
