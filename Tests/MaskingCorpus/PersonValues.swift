import HoopxMasking

extension PlantedValue {
    static let addresses = [
        PlantedValue(
            entity: .emailAddress, phrases: ["email", "E-Mail", "adresse mail", "correo"],
            keys: ["email", "contact_email"],
            valid: { random in
                let name = random.pick(["alice", "bob.smith", "carol+news", "d_jones", "erik-w", "fatima99"])
                let host = random.pick([
                    "example.com", "mail.example.org", "corp.example.co.uk", "uni-example.de", "example.fr", "acme.io",
                ])
                return Valid("\(name)\(random.number(1...999))@\(host)")
            },
            nearMiss: { random in
                random.pick([
                    "icon@\(random.number(2...4))x.png", "lodash@4.\(random.number(1...20)).\(random.number(1...30))",
                    "git@github.com:acme/app.git",
                    "alice@localhost_1", "@scope/package\(random.number(1...9))", "user@", "W@x.T",
                ])
            }),
        PlantedValue(
            entity: .ipAddress, phrases: ["IP address", "client IP", "Adresse IP"],
            keys: ["ip", "client_ip", "remote_addr"],
            valid: { random in
                random.chance(70)
                    ? Valid(
                        "\(random.pick([10, 172, 192, 203, 8, 93]))."
                            + [random.number(0...255), random.number(0...255), random.number(1...254)].map(String.init)
                            .joined(separator: "."))
                    : Valid("2001:db8:" + random.hex(4) + "::" + random.text(3, of: "123456789abcdef"))
            },
            nearMiss: { random in
                let part = random.number(1...99)
                return random.pick([
                    "version 1.\(part).3.4", "v2.\(part).0.1", "10.\(part).300.1", "1.2.\(part)", "1.3.6.1.\(part).1",
                    "std::vec", "127.0.0.1", "12:34:\(random.number(10...59))",
                ])
            }),
        PlantedValue(
            entity: .macAddress, phrases: ["MAC address", "MAC-Adresse"], keys: ["mac", "mac_address"],
            valid: { random in
                let separator = random.pick([":", "-"])
                return Valid((0..<6).map { _ in random.hex(2) }.joined(separator: separator))
            },
            nearMiss: { random in
                random.pick([
                    (0..<5).map { _ in random.hex(2) }.joined(separator: ":"),
                    (0..<8).map { _ in random.hex(2) }.joined(separator: ":"),
                    "00:00:00:00:00:00", random.hex(12), (0..<20).map { _ in random.hex(2) }.joined(separator: ":"),
                ])
            }),
        PlantedValue(
            entity: .phoneNumber, phrases: ["phone number", "Telefon", "mobile", "telefono", "call me at"],
            keys: ["phone", "phone_number", "mobile"],
            valid: { random in
                let american = "\(random.pick([212, 415, 646, 305, 702]))\(random.number(220...299))" + random.digits(4)
                return random.pick([
                    Valid("+1" + american), Valid("+4930" + "\(random.number(1_000_000...9_999_999))"), Valid(american),
                    Valid("+44 20 7" + random.digits(3) + " " + random.digits(4), isPlain: false),
                    Valid(
                        "(" + american.prefix(3) + ") " + american.dropFirst(3).grouped([3, 4], by: "-"), isPlain: false
                    ),
                    Valid(american.grouped([3, 3, 4], by: "-"), isPlain: false),
                    Valid("0171 " + "\(random.number(1_000_000...9_999_999))", isPlain: false),
                    Valid("01 " + random.digits(8).grouped([2, 2, 2, 2], by: " "), isPlain: false),
                ])
            },
            nearMiss: { random in
                random.pick([
                    "17\(random.digits(8))", random.digits(5), "115-555-\(random.digits(4))",
                    "x415-555-\(random.digits(4))",
                    "415-555-\(random.digits(5))", random.hex(10) + "e",
                ])
            }),
    ]

    static let persons = [
        PlantedValue(
            entity: .dateOfBirth,
            phrases: ["date of birth", "born on", "geboren am", "DOB", "fecha de nacimiento", "data di nascita"],
            keys: ["date_of_birth", "dob", "birthDate"],
            valid: { random in
                let (year, month, day) = (random.number(1930...2015), random.number(10...12), random.number(10...28))
                return random.pick([
                    Valid("\(year)-\(month)-\(day)"), Valid("\(day)/\(month)/\(year)"),
                    Valid("\(month)/\(day)/\(year)"), Valid("\(day).\(month).\(year)"),
                    Valid("\(day) March \(year)", isPlain: false), Valid("July \(day), \(year)", isPlain: false),
                ])
            },
            nearMiss: { random in
                random.pick([
                    "\(random.number(13...99))/\(random.number(13...99))/1985", "v1.\(random.number(1...9)).3",
                    "\(random.number(1...120)) years", "1850-\(random.number(13...40))-01",
                ])
            })
    ]
}
