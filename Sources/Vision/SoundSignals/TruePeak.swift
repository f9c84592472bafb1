/// The largest value of a signal between its samples, by four times as many samples.
///
/// The filter is that of ITU-R BS.1770-4, annex 2: 12 coefficients for each of four phases, of which
/// two are the others in reverse. It is up to 0.5 dB wrong near half the sample rate.
enum TruePeak {
    /// Samples that have to be there before the first one.
    static let history = 11

    private static let first: [Float] = [
        0.001_708_984_375, 0.010_986_328_125, -0.019_653_320_312_5, 0.033_203_125,
        -0.059_448_242_187_5, 0.137_329_101_562_5, 0.972_167_968_75, -0.102_294_921_875,
        0.047_607_421_875, -0.026_611_328_125, 0.014_892_578_125, -0.008_300_781_25,
    ]
    private static let second: [Float] = [
        -0.029_174_804_687_5, 0.029_296_875, -0.051_757_812_5, 0.089_111_328_125,
        -0.166_503_906_25, 0.465_087_890_625, 0.779_785_156_25, -0.200_317_382_812_5,
        0.101_562_5, -0.058_227_539_062_5, 0.033_081_054_687_5, -0.018_920_898_437_5,
    ]
    /// Samples below this part of a value cannot give a larger one: a phase's magnitudes have the sum
    /// of 2.02 at most.
    private static let part: Float = 1 / 2.03

    /// The largest magnitude of a signal.
    ///
    /// - Parameters:
    ///   - samples: [history + count].
    ///   - least: the largest sample.
    /// - Returns: the largest magnitude of a value at or between the samples.
    static func largest(_ samples: UnsafeBufferPointer<Float>, least: Float) -> Float {
        let count = samples.count - history
        guard count >= 4, let base = samples.baseAddress else { return least }
        var known = Four(repeating: least)
        for start in stride(from: 0, to: count, by: 4) {
            let place = base + min(start, count - 4)
            // Where all that a value is made of is too quiet, it is not computed.
            let loudest = larger(
                larger(magnitudes(place.four(at: 0)), magnitudes(place.four(at: 4))),
                larger(magnitudes(place.four(at: 8)), magnitudes(place.four(at: history)))
            )
            guard hasLarger(loudest, known * part) else { continue }
            let values = outputs(place)
            if hasLarger(values, known) { known = Four(repeating: values.max()) }
        }
        return known[0]
    }

    /// The largest magnitude of the four phases of four samples.
    @inline(__always)
    private static func outputs(_ samples: UnsafePointer<Float>) -> Four {
        var (a, b, c, d) = (Four.zero, Four.zero, Four.zero, Four.zero)
        first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                for tap in 0...history {
                    let values = samples.four(at: tap)
                    a += values * first[tap]
                    b += values * second[tap]
                    c += values * second[history - tap]
                    d += values * first[history - tap]
                }
            }
        }
        return larger(
            larger(magnitudes(a), magnitudes(b)),
            larger(magnitudes(c), magnitudes(d))
        )
    }
}
