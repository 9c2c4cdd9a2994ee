import Testing

/// Values of persons: where they are found in text, and what only looks like them.
@Suite struct PersonalDetectorTests {
    @Test(arguments: [
        ("pay with 4111111111111111 now", "CREDIT_CARD 4111111111111111"),
        ("4111 1111 1111 1111", "CREDIT_CARD 4111 1111 1111 1111"),
        ("card 4111-1111-1111-1111 123", "CREDIT_CARD 4111-1111-1111-1111"),
        ("5555555555554444,", "CREDIT_CARD 5555555555554444"),
        ("\u{5361}\u{53f7}4111111111111111\u{3002}", "CREDIT_CARD 4111111111111111"),
        ("\u{1f600}4111 1111 1111 1111", "CREDIT_CARD 4111 1111 1111 1111"),
        ("2223003122003222", "CREDIT_CARD 2223003122003222"),
        ("amex 378282246310005.", "CREDIT_CARD 378282246310005"),
        ("3782 822463 10005", "CREDIT_CARD 3782 822463 10005"),
        ("30569309025904", "CREDIT_CARD 30569309025904"), ("3530111333300000", "CREDIT_CARD 3530111333300000"),
        ("6011111111111117", "CREDIT_CARD 6011111111111117"),
        ("{\"n\":4012888888881881}", "CREDIT_CARD 4012888888881881"),
        ("visa 4222222222222", "CREDIT_CARD 4222222222222"),
        ("my card 6200000000000005", "CREDIT_CARD 6200000000000005"),
        ("4111111111111111 12/27", "CREDIT_CARD 4111111111111111"),
        ("note=card%3A+4111111111111111%0A", "CREDIT_CARD 4111111111111111"),
        ("note=amex+378282246310005", "CREDIT_CARD 378282246310005"),
        ("IBAN DE89370400440532013000", "IBAN_CODE DE89370400440532013000"),
        ("DE89 3704 0044 0532 0130 00 now", "IBAN_CODE DE89 3704 0044 0532 0130 00"),
        ("gb29nwbk60161331926819", "IBAN_CODE gb29nwbk60161331926819"),
        ("FR1420041010050500013M02606", "IBAN_CODE FR1420041010050500013M02606"),
        ("MT84MALT011000012345MTLCAST001S", "IBAN_CODE MT84MALT011000012345MTLCAST001S"),
        ("NO93 8601 1117 947", "IBAN_CODE NO93 8601 1117 947"),
        ("CH9300762011623852957.", "IBAN_CODE CH9300762011623852957"),
        ("BR1800360305000010009795493C1", "IBAN_CODE BR1800360305000010009795493C1"),
        ("bank account number 000123456789", "US_BANK_NUMBER 000123456789"),
        ("\"account_number\": 9876543210", "US_BANK_NUMBER 9876543210"),
        ("routing number 021000021", "ABA_ROUTING 021000021"), ("ABA 1210-0035-8", "ABA_ROUTING 1210-0035-8"),
    ])
    func paymentValuesAreFound(text: String, value: String) { #expect(Found.values(in: text) == [value]) }

    @Test(arguments: [
        "4111111111111112", "4111 1111 1111 1112", "411111111111111", "41111111111111111", "a4111111111111111",
        "4111111111111111a", "id-4111111111111111", "1.4111111111111111", "$4111111111111111", "4111111111111111.5",
        "0000000000000000", "4444444444444444", "9111111111111111", "1700000000000", "1700000000000000",
        "20261126191000",
        "4222222222222", "550e8400-e29b-41d4-a716-446655440000", "41111111-1111-1111-1111-411111111111",
        "DE89370400440532013001", "DE8937040044053201300", "DE893704004405320130000", "XX89370400440532013000",
        "xDE89370400440532013000", "DE89 3704 0044 0532 0130 01", "order no 000123456789", "account 12345",
        "021000021", "routing number 021000022", "routing 0210000210", "routing 921000025",
    ])
    func paymentNearMissesAreNot(text: String) { #expect(Found.values(in: text) == []) }

    @Test(arguments: [
        ("my SSN is 536904399", "US_SSN 536904399"), ("536-90-4399", "US_SSN 536-90-4399"),
        ("social: 536 90 4399", "US_SSN 536 90 4399"),
        ("note=x%3A+536-90-4399%0A", "US_SSN 536-90-4399"), ("{\"user_ssn\":536904399}", "US_SSN 536904399"),
        ("{\"ssn\":\"536904399\"}", "US_SSN 536904399"), ("912-70-1234", "US_ITIN 912-70-1234"),
        ("ITIN 912701234", "US_ITIN 912701234"), ("NHS number 9434765919", "UK_NHS 9434765919"),
        ("NHS: 943 476 5919", "UK_NHS 943 476 5919"), ("12345678Z", "ES_NIF 12345678Z"),
        ("DNI: 54362315-K", "ES_NIF 54362315-K"),
        ("54.362.315-K", "ES_NIF 54.362.315-K"), ("NIE X2482300W", "ES_NIE X2482300W"),
        ("X-2482300-W", "ES_NIE X-2482300-W"),
        ("RCCMNL83S18D969H", "IT_FISCAL_CODE RCCMNL83S18D969H"),
        ("rssmra85t10a562s", "IT_FISCAL_CODE rssmra85t10a562s"),
        ("Steuer-ID 86095742719", "DE_TAX_ID 86095742719"), ("86 095 742 719", "DE_TAX_ID 86 095 742 719"),
        ("aadhaar 234123412346", "IN_AADHAAR 234123412346"),
        ("2341 2341 2346", "IN_AADHAAR 2341 2341 2346"), ("CPF 39053344705", "BR_CPF 39053344705"),
        ("390.533.447-05", "BR_CPF 390.533.447-05"), ("TFN 123456782", "AU_TFN 123456782"),
        ("tax file number 123 456 782", "AU_TFN 123 456 782"), ("passport 912803456", "US_PASSPORT 912803456"),
        ("passport number is C03005988", "US_PASSPORT C03005988"),
        ("My driver's license number is S530-460-99-424-0", "US_DRIVER_LICENSE S530-460-99-424-0"),
        ("driver license D1234567", "US_DRIVER_LICENSE D1234567"),
        ("\"drivers_license\": \"F255921\"", "US_DRIVER_LICENSE F255921"),
    ])
    func nationalNumbersAreFound(text: String, value: String) {
        #expect(Found.values(in: text) == [value])
    }

    @Test(arguments: [
        "536904399", "SSN 000904399", "666-90-4399", "900-12-4399", "536-00-4399", "536-90-0000", "078-05-1120",
        "1536-90-4399",
        "536-90-43990", "x536-90-4399", "536-90-4399-1", "10 536 90 4399 12", "912-66-1234", "9434765919",
        "NHS number 9434765918", "943 476 5919", "nhs 943 476 5918", "12345678A", "112345678Z", "X2482300A",
        "12345678ZZ", "RCCMNL83S18D969A",
        "RSSMRA85T10A562", "86095742719", "Steuer-ID 86095742718", "IdNr 12345678903", "234123412346",
        "aadhaar 234123412347", "2341 2341 2347", "aadhaar 134123412346", "39053344705", "390.533.447-06",
        "CPF 11111111111",
        "TFN 123456783", "123 456 782", "912803456", "passport renewal 2026", "license 123456789",
        "driver license expired in 2024",
        "v1.2.3-536904399", "0x536904399", "build 536904399", "ssn_hash=5369043991",
    ])
    func nationalNearMissesAreNot(text: String) { #expect(Found.values(in: text) == []) }

    @Test(arguments: [
        ("write to alice@example.com.", "EMAIL_ADDRESS alice@example.com"),
        ("<a.b+c@mail.example.co.uk>", "EMAIL_ADDRESS a.b+c@mail.example.co.uk"),
        ("mailto:bob_1@xn--80ak6aa92e.com?x", "EMAIL_ADDRESS bob_1@xn--80ak6aa92e.com"),
        ("j\u{fc}rgen@m\u{fc}ller.de", "EMAIL_ADDRESS j\u{fc}rgen@m\u{fc}ller.de"),
        ("\"email\":\"carol@corp.internal\"", "EMAIL_ADDRESS carol@corp.internal"),
        ("dave@example.com.Then", "EMAIL_ADDRESS dave@example.com"),
        ("from 203.0.113.7:8080", "IP_ADDRESS 203.0.113.7"),
        ("http://10.1.2.3/x", "IP_ADDRESS 10.1.2.3"), ("\u{5730}\u{5740}10.1.2.3\u{662f}", "IP_ADDRESS 10.1.2.3"),
        ("192.168.1.0/24", "IP_ADDRESS 192.168.1.0"),
        ("ends at 8.8.8.8.", "IP_ADDRESS 8.8.8.8"), ("[2001:db8::1]:443", "IP_ADDRESS 2001:db8::1"),
        ("fe80::1ff:fe23:4567:890a%eth0", "IP_ADDRESS fe80::1ff:fe23:4567:890a"),
        ("::ffff:192.0.2.7", "IP_ADDRESS ::ffff:192.0.2.7"),
        ("2001:0db8:85a3:0000:0000:8a2e:0370:7334", "IP_ADDRESS 2001:0db8:85a3:0000:0000:8a2e:0370:7334"),
        ("00:1A:2B:3C:4D:5E", "MAC_ADDRESS 00:1A:2B:3C:4D:5E"), ("00-1a-2b-3c-4d-5e", "MAC_ADDRESS 00-1a-2b-3c-4d-5e"),
        ("001a.2b3c.4d5e", "MAC_ADDRESS 001a.2b3c.4d5e"),
        ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "CRYPTO 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
        ("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "CRYPTO 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"),
        ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "CRYPTO bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"),
        (
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
            "CRYPTO bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"
        ),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "CRYPTO 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
        ("wallet 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "CRYPTO 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"),
    ])
    func addressesAreFound(text: String, value: String) { #expect(Found.values(in: text) == [value]) }

    @Test(arguments: [
        "icon@2x.png", "lodash@4.17.21", "git@github.com:a/b.git", "a@b", "@app.route", "x@y.call()", "a@b.shape",
        "user@",
        "@types/node", "W@x.T", "img@sha256:abcdef", "127.0.0.1", "0.0.0.0", "255.255.255.0", "version 1.2.3.4",
        "v1.2.3.4",
        "1.2.3.4.5", "256.1.1.1", "1.2.3", "01.2.3.4", "1.3.6.1.4.1", "10.0.19041.1", "a::b", "std::abc", "::1",
        "12:34:56",
        "dead::beef", "fe80:1:2", "2001:db8:1", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "00:1A:2B:3C:4D",
        "00:1A:2B:3C:4D:5E:6F",
        "00:1A-2B:3C-4D:5E", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709", "0x7fff5fbff8c0", "00000010: 4865 6c6c 6f2c 2077 6f72 6c64",
    ])
    func addressNearMissesAreNot(text: String) { #expect(Found.values(in: text) == []) }

    @Test(arguments: [
        ("+49 30 1234567", "PHONE_NUMBER +49 30 1234567"), ("+14155552671", "PHONE_NUMBER +14155552671"),
        ("+1 (415) 555-2671", "PHONE_NUMBER +1 (415) 555-2671"),
        ("+44 (0)20 7946 0958", "PHONE_NUMBER +44 (0)20 7946 0958"),
        ("+33.1.23.45.67.89", "PHONE_NUMBER +33.1.23.45.67.89"), ("(415) 555-2671", "PHONE_NUMBER (415) 555-2671"),
        ("415-555-2671", "PHONE_NUMBER 415-555-2671"), ("1-415-555-2671", "PHONE_NUMBER 1-415-555-2671"),
        ("415.555.2671", "PHONE_NUMBER 415.555.2671"), ("call me at 415 555 2671", "PHONE_NUMBER 415 555 2671"),
        ("phone: 4155552671", "PHONE_NUMBER 4155552671"), ("Tel. 030/1234567", "PHONE_NUMBER 030/1234567"),
        ("Telefon 0171 1234567", "PHONE_NUMBER 0171 1234567"), ("tel 01 23 45 67 89", "PHONE_NUMBER 01 23 45 67 89"),
        ("mobile 07700 900123", "PHONE_NUMBER 07700 900123"), ("phone (020) 7946 0958", "PHONE_NUMBER (020) 7946 0958"),
        ("mobile 98765 43210", "PHONE_NUMBER 98765 43210"),
        ("\"phone_number\": \"0301234567\"", "PHONE_NUMBER 0301234567"),
    ])
    func phoneNumbersAreFound(text: String, value: String) { #expect(Found.values(in: text) == [value]) }

    @Test(arguments: [
        "+1 415 555", "+999 123 4567890", "a+14155552671", "4155552671", "415-555-26711", "115-555-2671",
        "415-055-2671", "911-911-9111x",
        "01 23 45 67 89", "phone 1700000000", "2026-11-26", "tel 12345", "+15 lines", "10.0.0.1-415", "030 1234567",
        "1415-555-2671", "411-555-2671",
    ])
    func phoneNearMissesAreNot(text: String) { #expect(Found.values(in: text) == []) }

    @Test(arguments: [
        ("born on 12 March 1985", "DATE_OF_BIRTH 12 March 1985"), ("DOB: 03/12/1985", "DATE_OF_BIRTH 03/12/1985"),
        ("date of birth 1985-03-12", "DATE_OF_BIRTH 1985-03-12"),
        ("\"birthDate\":\"1985-03-12\"", "DATE_OF_BIRTH 1985-03-12"),
        ("geboren am 12.3.1985", "DATE_OF_BIRTH 12.3.1985"),
        ("geb. 12. M\u{e4}rz 1985", "DATE_OF_BIRTH 12. M\u{e4}rz 1985"),
        ("n\u{e9}e le 12 mars 1985", "DATE_OF_BIRTH 12 mars 1985"),
        ("nacido el 12 de marzo de 1985", "DATE_OF_BIRTH 12 de marzo de 1985"),
        ("She was born March 12, 1985.", "DATE_OF_BIRTH March 12, 1985"),
        ("birthday: March 12th, 1985", "DATE_OF_BIRTH March 12th, 1985"),
        ("dob=19850312", "DATE_OF_BIRTH 19850312"), ("data di nascita 12/03/85", "DATE_OF_BIRTH 12/03/85"),
        ("\"date_of_birth\": \"1985-03-12T00:00:00Z\"", "DATE_OF_BIRTH 1985-03-12"),
    ])
    func datesOfBirthAreFound(text: String, value: String) { #expect(Found.values(in: text) == [value]) }

    @Test(arguments: [
        "1985-03-12", "12 March 1985", "born 45/45/1985", "birth rate 12.3 in 1985", "born in 1985",
        "birthday in 3 days",
        "reborn 2 of 5", "stillborn v1.2.3", "dob 1985-13-40", "born 12 Foo 1985", "birth certificates 120385",
    ])
    func otherDatesAreNot(text: String) { #expect(Found.values(in: text) == []) }
}
