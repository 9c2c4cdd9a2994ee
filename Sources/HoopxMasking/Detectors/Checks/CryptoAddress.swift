import Crypto

/// Addresses of cryptocurrencies whose check sums make them certain.
enum CryptoAddress {
    /// Base58Check (Bitcoin): a version byte, 20 bytes, and the first 4 bytes of SHA-256 of SHA-256 of both.
    ///
    /// Versions: Bitcoin and its test network, Litecoin, Dogecoin, Tron.
    static func isBase58Check(_ text: some Sequence<UInt8>) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 25)
        for character in text {
            guard var carry = base58.firstIndex(of: character) else { return false }
            for index in stride(from: 24, through: 0, by: -1) {
                carry += Int(bytes[index]) * 58
                bytes[index] = UInt8(carry & 0xFF)
                carry >>= 8
            }
            guard carry == 0 else { return false }
        }
        guard [0x00, 0x05, 0x6F, 0xC4, 0x30, 0x32, 0x1E, 0x16, 0x41].contains(bytes[0]) else { return false }
        let check = SHA256.hash(data: Array(SHA256.hash(data: bytes[0..<21])))
        return check.prefix(4).elementsEqual(bytes[21...])
    }

    private static let base58 = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

    /// A segregated witness address (BIP 173, and BIP 350 from version 1 on), with the prefixes of Bitcoin, its test
    /// networks and Litecoin.
    static func isSegwit(_ text: some Collection<UInt8>) -> Bool {
        guard text.count <= 90, !(text.contains(where: \.isUpper) && text.contains(where: \.isLower)) else {
            return false
        }
        let lower = text.map(\.lowercase)
        guard let separator = lower.lastIndex(of: UInt8(ascii: "1")) else { return false }
        let prefix = lower[..<separator]
        guard ["bc", "tb", "bcrt", "ltc", "tltc"].contains(where: { prefix.elementsEqual($0.utf8) }) else {
            return false
        }
        var values: [UInt32] = []
        for character in lower[(separator + 1)...] {
            guard let value = bech32.firstIndex(of: character) else { return false }
            values.append(UInt32(value))
        }
        guard values.count >= 14, let version = values.first else { return false }
        let expanded = prefix.map { UInt32($0 >> 5) } + [0] + prefix.map { UInt32($0 & 31) }
        return version <= 16 && bech32Checksum(expanded + values) == (version == 0 ? 1 : 0x2BC8_30A3)
    }

    private static let bech32 = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)

    private static func bech32Checksum(_ values: [UInt32]) -> UInt32 {
        var checksum: UInt32 = 1
        for value in values {
            let top = checksum >> 25
            checksum = (checksum & 0x1FF_FFFF) << 5 ^ value
            for (bit, generator) in bech32Generators.enumerated() where top >> UInt32(bit) & 1 == 1 {
                checksum ^= generator
            }
        }
        return checksum
    }

    private static let bech32Generators: [UInt32] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3]

    /// An Ethereum address whose letters' case is the check sum of EIP-55.
    /// - Parameter digits: 40 hexadecimal digits, without `0x`.
    static func isEIP55(_ digits: some Collection<UInt8>) -> Bool {
        let hash = Keccak.hash256(digits.map(\.lowercase))
        return digits.enumerated().allSatisfy { place, digit in
            let nibble = place.isMultiple(of: 2) ? hash[place / 2] >> 4 : hash[place / 2] & 15
            return !digit.isLetter || digit.isUpper == (nibble >= 8)
        }
    }
}
