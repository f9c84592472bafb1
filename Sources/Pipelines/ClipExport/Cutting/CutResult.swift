/// A clip that was cut.
package struct CutResult: Sendable, Equatable {
    /// How it was cut; not always as it was planned first, when a container tells wrong times.
    package let plan: CutPlan
    /// How loud the loudest sample is, in dB of full scale; nil without sound.
    package let peak: Double?
    /// Seconds at the end for which the source has no sound.
    package let missingAudio: Double

    /// The level below which a sound counts as silent.
    package static let silence = -60.0

    /// Whether there is a sound, but nothing to be heard.
    package var isSilent: Bool { (peak ?? 0) < Self.silence }

    /// Whether both tell of the same clip.
    package static func == (left: Self, right: Self) -> Bool {
        left.plan.firstTimestamp == right.plan.firstTimestamp
            && left.plan.frameCount == right.plan.frameCount && left.peak == right.peak
    }
}
