/// Keccak-256 as Ethereum uses it: the padding of the submission, not the one that became SHA-3 (FIPS 202).
enum Keccak {
    /// - Parameter message: at most 135 bytes: one block of the sponge.
    /// - Returns: 32 bytes.
    static func hash256(_ message: [UInt8]) -> [UInt8] {
        precondition(message.count < rate)
        var block = message
        block.append(0x01)
        block += [UInt8](repeating: 0, count: rate - block.count)
        block[rate - 1] |= 0x80
        var state = [UInt64](repeating: 0, count: 25)
        for (index, byte) in block.enumerated() { state[index / 8] ^= UInt64(byte) << UInt64(index % 8 * 8) }
        permute(&state)
        return (0..<32).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> UInt64($0 % 8 * 8)) }
    }

    private static let rate = 136

    /// Keccak-f[1600] (FIPS 202, 3.3): 24 rounds of theta, rho, pi, chi and iota.
    private static func permute(_ state: inout [UInt64]) {
        var roundConstant: UInt8 = 1
        for _ in 0..<24 {
            let parity = (0..<5).map { x in (0..<5).reduce(0) { $0 ^ state[x + 5 * $1] } }
            for x in 0..<5 {
                let effect = parity[(x + 4) % 5] ^ rotated(parity[(x + 1) % 5], 1)
                for y in 0..<5 { state[x + 5 * y] ^= effect }
            }
            var (x, y) = (1, 0)
            var moving = state[1]
            for step in 0..<24 {
                (x, y) = (y, (2 * x + 3 * y) % 5)
                let next = state[x + 5 * y]
                state[x + 5 * y] = rotated(moving, (step + 1) * (step + 2) / 2 % 64)
                moving = next
            }
            for row in stride(from: 0, to: 25, by: 5) {
                let lanes = Array(state[row..<(row + 5)])
                for x in 0..<5 { state[row + x] = lanes[x] ^ (~lanes[(x + 1) % 5] & lanes[(x + 2) % 5]) }
            }
            // The constants' bits 2^j - 1 come from a linear feedback shift register (x^8 + x^6 + x^5 + x^4 + 1).
            for bit in [0, 1, 3, 7, 15, 31, 63] {
                if roundConstant & 1 == 1 { state[0] ^= 1 << UInt64(bit) }
                roundConstant = roundConstant << 1 ^ (roundConstant & 0x80 == 0 ? 0 : 0x71)
            }
        }
    }

    private static func rotated(_ lane: UInt64, _ count: Int) -> UInt64 {
        count == 0 ? lane : lane << UInt64(count) | lane >> UInt64(64 - count)
    }
}
