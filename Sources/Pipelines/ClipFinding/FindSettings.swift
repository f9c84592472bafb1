import SoundSignals

/// What clips are looked for.
package struct FindSettings: Sendable, Equatable {
    /// What becomes of clips with speech or music.
    package enum Content: String, Sendable, CaseIterable {
        /// They are flagged.
        case keep
        case drop
        /// Others are dropped.
        case only
    }

    /// Length of a clip in seconds.
    package var duration = 8.0
    /// How quiet a clip may be: HunyuanVideo-Foley's share of silence (arXiv 2508.16930), which names
    /// no level, at that of ffmpeg's `silencedetect`.
    package var silence = SilenceLimit.strict
    /// Least bandwidth of the recording in Hz: HunyuanVideo-Foley's sample rate above 32 kHz, less a
    /// tenth, since coders leave out what is near the limit. 0 for any.
    package var bandwidth = SoundLimits.leastBandwidth * 0.9
    /// Fewest onsets of sounds in a clip.
    package var onsets = 0
    /// A clip is dropped if a larger share of its frames is still, 0…1: Sphere360 (OmniAudio, "Data
    /// Cleaning").
    package var still = 0.85
    /// Largest mean squared difference of luma within half a second of a still frame (Sphere360).
    package var stillDifference: Float = 5
    /// A clip is dropped if a larger share of its frames is black, 0…1.
    package var black = 0.5
    package var speech = Content.keep
    package var music = Content.keep
    /// Seconds between the starts of two clips; nil for the length of a clip.
    package var spacing: Double?
    /// Most clips; nil for all.
    package var top: Int?
    /// Frames between a clip and the next shot on either side, where a shot has so many.
    package var margin = 2

    package init() {}
}
