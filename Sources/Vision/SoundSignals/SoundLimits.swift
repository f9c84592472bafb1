/// How quiet a clip may be.
package struct SilenceLimit: Sendable, Equatable {
    /// A row is silent if its level is below, in dBFS.
    package let level: Double
    /// A clip is dropped if a larger share of it is silent, 0…1.
    package let share: Double

    package init(level: Double, share: Double) {
        (self.level, self.share) = (level, share)
    }

    /// "More than 80 % silence" is dropped by HunyuanVideo-Foley (arXiv 2508.16930, data pipeline),
    /// which names no level; −60 dB is that of ffmpeg's `silencedetect`.
    package static let strict = SilenceLimit(level: -60, share: 0.8)

    /// More than 90 % below −35 dBFS is dropped by Sphere360 (OmniAudio, "Data Cleaning").
    package static let field = SilenceLimit(level: -35, share: 0.9)
}

/// Limits of the field for the sound of a clip, beside those for silence.
package enum SoundLimits {
    /// In Hz: HunyuanVideo-Foley (arXiv 2508.16930) takes what has an effective sample rate above
    /// 32 kHz, twice this.
    package static let leastBandwidth = 16_000.0

    /// How far a SuperFlux has to be above the mean before it.
    ///
    /// SuperFlux's reference implementation has 1.1, for music. White and pink noise at full level
    /// exceed that seven times a second, and 4 once in half an hour, so that with 1.1 rain would be
    /// full of onsets. A knock of −40 dBFS in silence exceeds 4, and so does one 6 dB above noise.
    package static let onsetExcess = 4.0

    /// In seconds: of onsets that are nearer, one is counted (SuperFlux's reference implementation,
    /// `combine`).
    package static let onsetDistance = 0.03

    /// In dBFS: rows below say nothing of the bandwidth.
    package static let bandwidthLevel = -60.0
}
