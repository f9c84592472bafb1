import Diagnostics

/// A fraction, as containers give frame rates and time bases: "30000/1001".
package struct Rational: Sendable, Equatable, CustomStringConvertible {
    /// Above the line.
    package let numerator: Int
    /// Below the line, greater than zero.
    package let denominator: Int

    /// Makes a fraction in lowest terms, so that equal numbers are equal; nil unless it is greater
    /// than zero.
    package init?(_ numerator: Int, _ denominator: Int) {
        guard numerator > 0, denominator > 0 else { return nil }
        var (divisor, rest) = (numerator, denominator)
        while rest > 0 { (divisor, rest) = (rest, divisor % rest) }
        self.numerator = numerator / divisor
        self.denominator = denominator / divisor
    }

    /// Reads "30000/1001" or "25"; nil unless that is greater than zero.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(exactly: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count <= 2, let numerator = parts[0] else { return nil }
        guard parts.count == 2 else {
            self.init(numerator, 1)
            return
        }
        guard let denominator = parts[1] else { return nil }
        self.init(numerator, denominator)
    }

    /// 1/1.
    package static let one = Rational(1)

    /// A whole number, at least 1.
    package init(_ number: Int) {
        numerator = max(1, number)
        denominator = 1
    }

    /// The fraction as a number.
    package var value: Double { Double(numerator) / Double(denominator) }

    /// The fraction as it is written in manifests: "30000/1001".
    package var description: String { "\(numerator)/\(denominator)" }
}

extension Rational: Codable {
    /// Reads "30000/1001".
    package init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        guard let value = Rational(try single.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: single,
                debugDescription: "no fraction that is greater than zero"
            )
        }
        self = value
    }

    /// Writes "30000/1001".
    package func encode(to encoder: any Encoder) throws {
        var single = encoder.singleValueContainer()
        try single.encode(description)
    }
}

/// Times in microseconds, as ffmpeg takes them.
package enum Microseconds {
    /// "12.345678".
    package static func text(_ value: Int) -> String {
        let digits = String(value.magnitude % 1_000_000)
        let zeros = String(repeating: "0", count: 6 - digits.count)
        return (value < 0 ? "-" : "") + "\(value.magnitude / 1_000_000)." + zeros + digits
    }
}
