import Media

/// What a target needs: a model that clips are made for. `docs/reference/export.md` has the same values.
package struct ExportProfile: Sendable, Equatable {
    /// The name, as in `--profile NAME`.
    package let name: String
    /// Length in seconds.
    package let duration: Rational
    /// Whether another length is allowed.
    package let allowsOtherDuration: Bool
    /// Frame rate in fps; nil for that of the source.
    package let frameRate: Rational?
    /// Sample rate in Hz; nil for that of the source.
    package let sampleRate: Int?
    /// The frame count is one more than a multiple of this; 1 for any count.
    package let frameStep: Int
    /// Both sides are multiples of this.
    package let sideMultiple: Int

    package static let all = [
        // 353,280 samples: 345 blocks of 1024, as the model requires.
        ExportProfile("mmaudio-44k", (353_280, 44_100), sampleRate: 44_100),
        ExportProfile("mmaudio-16k", (128_000, 16_000), sampleRate: 16_000),
        ExportProfile("ltx2", (8, 1), free: true, frameRate: 25, frameStep: 8, sideMultiple: 32),
        ExportProfile("saganet", (5, 1), frameRate: 25, sampleRate: 44_100),
    ]

    /// The profile of that name; nil when there is none.
    package static func named(_ name: String) -> ExportProfile? { all.first { $0.name == name } }

    private init(
        _ name: String,
        _ duration: (Int, Int),
        free: Bool = false,
        frameRate: Int? = nil,
        sampleRate: Int? = nil,
        frameStep: Int = 1,
        sideMultiple: Int = 2
    ) {
        self.name = name
        self.duration = Rational(duration.0, duration.1) ?? .one
        allowsOtherDuration = free
        self.frameRate = frameRate.map { Rational($0) }
        self.sampleRate = sampleRate
        self.frameStep = frameStep
        self.sideMultiple = sideMultiple
    }
}
