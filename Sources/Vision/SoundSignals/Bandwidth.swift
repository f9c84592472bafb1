import Glibc

/// Up to which frequency a spectrum has more than noise.
///
/// Sound loses so much energy towards high frequencies that 99 % of it are below some kHz with or
/// without the rest. So energy is counted in decibels here: of each band by how many dB it exceeds
/// the noise floor, nothing if it does not. The bandwidth is the frequency below which 99 % of all
/// these dB are. The noise floor is white noise of −90 dBFS, 6 dB more than that of 16-bit samples
/// with dither, so that rounding does not hide that audio was once coded with less bandwidth:
/// MP3 at 128 kbit/s ends at 16 to 17 kHz, above which there is nothing but such noise.
///
/// Noise and most sounds of things show the bandwidth of the recording. Tones show the frequency of
/// their highest partial, up to 1.5 kHz too much since the window widens a loud tone; it says nothing
/// of the recording. A quiet sound shows what of it is above the noise floor. Many rows are needed to
/// know the bandwidth of the recording (`SoundWindow.bandwidth`).
struct Bandwidth: Sendable {
    /// Noise in the whole band, in dBFS.
    static let noise = -90.0
    private static let share = 0.99
    /// Bins are taken together, so that the power of noise varies little.
    private static let binsPerBand = 8

    /// The power of the noise floor in a bin, in units of the spectra.
    private let floor: Double
    /// Hz from bin to bin.
    private let width: Double

    /// - Parameters:
    ///   - sampleRate: in Hz.
    ///   - window: what samples were multiplied by.
    init(sampleRate: Int, window: [Float]) {
        let energy = window.reduce(0) { $0 + Double($1) * Double($1) }
        floor = SoundRow.square(Self.noise) * energy
        width = Double(sampleRate) / Double(window.count)
    }

    /// The bandwidth of some spectra.
    ///
    /// - Parameters:
    ///   - power: squared magnitudes from frequency 0 on, the sum of some spectra.
    ///   - count: how many spectra.
    /// - Returns: in Hz; nil if all is below the noise floor.
    func frequency(_ power: [Float], count: Int) -> Double? {
        // The lowest bins have what is left of a DC offset.
        let bands = stride(from: Self.binsPerBand, to: power.count - 1, by: Self.binsPerBand)
            .map { start in start..<min(start + Self.binsPerBand, power.count - 1) }
        let excess = bands.map { band -> Double in
            let mean = power[band].reduce(0) { $0 + Double($1) } / Double(band.count * count)
            return mean > floor ? 10 * log10(mean / floor) : 0
        }
        let sum = excess.reduce(0, +)
        guard sum > 0 else { return nil }
        var left = Self.share * sum
        for (band, excess) in zip(bands, excess) {
            if excess >= left {
                let part = left / excess * Double(band.count)
                return (Double(band.lowerBound) + part) * width
            }
            left -= excess
        }
        return Double(power.count - 1) * width
    }
}
