import Glibc

/// What was measured of 0.1 s of audio.
///
/// A row has the numbers themselves and no decisions, so that limits can be changed afterwards. It
/// is kept with the precision that it is stored with, so that a stored row is the same as a new one.
package struct SoundRow: Sendable, Equatable {
    /// Rows per second.
    package static let rate = 10
    /// Bytes of a stored row.
    package static let byteCount = 2 * fields
    /// Digital silence, and whatever is more quiet, in dBFS and in LUFS.
    package static let silence = -120.0

    /// How many of `values` are used.
    private static let fields = 11
    private var values = SIMD16<Int16>.zero

    /// A row of digital silence.
    package init() {
        level = Self.silence
        effectsLevel = Self.silence
        peak = Self.silence
        truePeak = Self.silence
        momentary = Self.silence
        shortTerm = Self.silence
        bandwidth = nil
        correlation = nil
    }

    /// Reads what `bytes` wrote.
    ///
    /// - Parameter bytes: `byteCount` bytes.
    package init(bytes: ArraySlice<UInt8>) {
        precondition(bytes.count == Self.byteCount)
        for field in 0..<Self.fields {
            let place = bytes.startIndex + 2 * field
            values[field] = Int16(bitPattern: UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8)
        }
    }

    /// The row as it is stored: 11 numbers of 16 bits, little-endian.
    package var bytes: [UInt8] {
        (0..<Self.fields).flatMap { field -> [UInt8] in
            let value = UInt16(bitPattern: values[field])
            return [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
        }
    }

    // MARK: - Level

    /// The root mean square of all channels, in dBFS: 0 is a square wave of full scale, −3.01 a sine.
    package internal(set) var level: Double {
        get { self[0, 100] }
        set { self[0, 100] = newValue }
    }

    /// The same of the channels with effects (`SoundLayout.effects`).
    package internal(set) var effectsLevel: Double {
        get { self[1, 100] }
        set { self[1, 100] = newValue }
    }

    /// The largest sample of any channel, in dBFS.
    package internal(set) var peak: Double {
        get { self[2, 100] }
        set { self[2, 100] = newValue }
    }

    /// The largest value of any channel between and at samples, in dBTP (ITU-R BS.1770-4, annex 2).
    package internal(set) var truePeak: Double {
        get { self[3, 100] }
        set { self[3, 100] = newValue }
    }

    /// The loudness of the 0.4 s that end with the row, in LUFS (ITU-R BS.1770-4, EBU Tech 3341).
    ///
    /// What would be before the first sample is silent.
    package internal(set) var momentary: Double {
        get { self[4, 100] }
        set { self[4, 100] = newValue }
    }

    /// The loudness of the 3 s that end with the row, in LUFS.
    package internal(set) var shortTerm: Double {
        get { self[5, 100] }
        set { self[5, 100] = newValue }
    }

    // MARK: - Spectrum and onsets

    /// Up to which frequency there is more than noise of 16-bit samples, in Hz; nil if there is
    /// nothing. `Bandwidth` has the definition.
    package internal(set) var bandwidth: Double? {
        get { values[6] == .min ? nil : Double(values[6]) * 10 }
        set { values[6] = newValue.map { Int16(clamping: Int(($0 / 10).rounded())) } ?? .min }
    }

    /// The largest SuperFlux of the row, 0…300: how much begins to sound.
    package internal(set) var onsetStrength: Double {
        get { self[7, 100] }
        set { self[7, 100] = newValue }
    }

    // MARK: - Defects

    /// The share of samples that are clipped, 0…1: in runs of three or more at full scale of 16 bits,
    /// as Audacity's Find Clipping counts them.
    package internal(set) var clipping: Double {
        get { self[8, 10_000] }
        set { self[8, 10_000] = newValue }
    }

    /// The correlation of the left and the right channel, −1…1, without subtracting means, as a
    /// phase meter shows it; 1 for a single channel, nil if either channel is silent.
    ///
    /// With more than two channels it is that of the first two with effects.
    package internal(set) var correlation: Double? {
        get { values[9] == .min ? nil : self[9, 10_000] }
        set {
            if let newValue { self[9, 10_000] = newValue } else { values[9] = .min }
        }
    }

    /// The mean of the samples of the channel in which it is farthest from 0, −1…1 of full scale.
    ///
    /// A low tone has a mean too in a single row, of any sign; a DC offset is what remains in the
    /// mean of many rows.
    package internal(set) var offset: Double {
        get { self[10, 32_767] }
        set { self[10, 32_767] = newValue }
    }

    private subscript(field: Int, scale: Double) -> Double {
        get { Double(values[field]) / scale }
        set {
            let value = (newValue * scale).rounded()
            values[field] = Int16(min(max(value, -32_767), 32_767))
        }
    }
}

extension SoundRow {
    /// Decibels of a mean square, or of a squared peak, where that of full scale is 1.
    static func decibels(_ square: Double) -> Double {
        square > 1e-12 ? 10 * log10(square) : silence
    }

    /// The inverse of `decibels`; silence has no energy.
    static func square(_ decibels: Double) -> Double {
        decibels > silence ? pow(10, decibels / 10) : 0
    }
}
