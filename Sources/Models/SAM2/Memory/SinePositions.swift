import Glibc

/// Positions as sines and cosines of many wavelengths.
package enum SinePositions {
    private static let temperature = 10_000.0

    /// Where the tokens of a square grid are: half of the channels encode the row, half the
    /// column, sines and cosines in turn. (transformers' `Sam2VideoPositionEmbeddingSine` with
    /// `normalize`.)
    ///
    /// - Parameters:
    ///   - size: rows and columns.
    ///   - channels: a multiple of 4.
    /// - Returns: `size * size * channels` numbers, [rows · columns, channels].
    static func square(_ size: Int, channels: Int) -> [Float] {
        let half = channels / 2
        let line = (1...size).map { place -> [Float] in
            let angle = Double(place) / (Double(size) + 1e-6) * 2 * .pi
            return (0..<half).map { channel in
                let wavelength = pow(temperature, Double(channel / 2 * 2) / Double(half))
                let phase = angle / wavelength
                return Float(channel.isMultiple(of: 2) ? sin(phase) : cos(phase))
            }
        }
        return line.flatMap { row in line.flatMap { column in row + column } }
    }

    /// How long ago something was: sines of all wavelengths, then cosines. (transformers'
    /// `get_1d_sine_pe`.)
    ///
    /// - Parameters:
    ///   - time: the time.
    ///   - channels: even.
    /// - Returns: `channels` numbers.
    package static func time(_ time: Double, channels: Int) -> [Float] {
        let half = channels / 2
        let phases = (0..<half).map { channel in
            time / pow(temperature, 2 * Double(channel / 2) / Double(half))
        }
        return phases.map { Float(sin($0)) } + phases.map { Float(cos($0)) }
    }

    /// The angles by which pairs of channels are rotated: those of the first half by the column,
    /// those of the second by the row. (transformers' `Sam2VideoVisionRotaryEmbedding`.)
    ///
    /// - Parameters:
    ///   - size: rows and columns.
    ///   - channels: a multiple of 4.
    ///   - theta: the base of the wavelengths.
    ///   - factor: tokens stand for squares of so many rows and columns, and are in their middle.
    /// - Returns: cosines and sines, each [rows · columns / factor², channels / 2].
    static func rotary(
        _ size: Int,
        channels: Int,
        theta: Double,
        pooledBy factor: Int = 1
    ) -> (cosines: [Float], sines: [Float]) {
        let half = channels / 2
        let frequencies = stride(from: 0, to: half, by: 2).map { channel in
            // In single precision, as the reference has them.
            Float(1) / Float(pow(theta, Double(channel) / Double(half)))
        }
        let line = (0..<size / factor).map { place in
            let middle = Float(place * factor) + Float(factor - 1) / 2
            return frequencies.map { Double(middle * $0) }
        }
        let angles = line.flatMap { row in line.flatMap { column in column + row } }
        return (angles.map { Float(cos($0)) }, angles.map { Float(sin($0)) })
    }
}
