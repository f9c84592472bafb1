import Diagnostics
import Media

/// What a target needs: a model that clips are made for. `docs/reference/export.md` has the same
/// values.
///
/// In a clip for a target, the last frame begins when the length is over, or later. Loaders take
/// frames at times such as k / 25 s up to the last one that they know, and many do not know how
/// long the last frame is shown: FFmpeg before 6.1 does not tell its `fps` filter.
package struct ExportProfile: Sendable, Equatable {
    /// The name, as in `--profile NAME`.
    package let name: String
    /// Length in seconds.
    package let duration: Rational
    /// Whether another length and another frame rate are allowed, and a bucket.
    package let isFree: Bool
    /// Frame rate in fps; nil for that of the source.
    package let frameRate: Rational?
    /// Sample rate in Hz; nil for that of the source.
    package let sampleRate: Int?
    /// The frame count is one more than a multiple of this; 1 for any count.
    package let frameStep: Int
    /// Both sides are multiples of this.
    package let sideMultiple: Int
    /// Whether the target mixes the audio's channels to one.
    package let mixesToMono: Bool
    /// How the target reads the labels of clips.
    package let table: LabelTable

    package static let all = [
        // 353,280 samples: 345 blocks of 1024, as the model requires.
        ExportProfile(
            "mmaudio-44k",
            (353_280, 44_100),
            sampleRate: 44_100,
            mono: true,
            table: .pandas
        ),
        ExportProfile(
            "mmaudio-16k",
            (128_000, 16_000),
            sampleRate: 16_000,
            mono: true,
            table: .pandas
        ),
        ExportProfile("ltx2", (8, 1), free: true, frameRate: 25, frameStep: 8, sideMultiple: 32),
        ExportProfile(
            "saganet",
            (5, 1),
            frameRate: 25,
            sampleRate: 44_100,
            mono: true,
            table: .lines
        ),
    ]

    /// The profile of that name; nil when there is none.
    package static func named(_ name: String) -> ExportProfile? {
        all.first { $0.name.isSameName(as: name) }
    }

    private init(
        _ name: String,
        _ duration: (Int, Int),
        free: Bool = false,
        frameRate: Int? = nil,
        sampleRate: Int? = nil,
        frameStep: Int = 1,
        sideMultiple: Int = 2,
        mono: Bool = false,
        table: LabelTable = .json
    ) {
        self.name = name
        self.duration = Rational(duration.0, duration.1) ?? .one
        isFree = free
        self.frameRate = frameRate.map { Rational($0) }
        self.sampleRate = sampleRate
        self.frameStep = frameStep
        self.sideMultiple = sideMultiple
        mixesToMono = mono
        self.table = table
    }
}

/// The exact size and frame count of all clips that a model is trained on at a time.
package struct Bucket: Sendable, Equatable, Codable {
    /// Columns, a multiple of 32.
    package let width: Int
    /// Rows, a multiple of 32.
    package let height: Int
    /// Frames, one more than a multiple of 8.
    package let frameCount: Int

    /// What LTX's encoder makes one latent of: 32 by 32 pixels, and 8 frames after the first one.
    private static let (sideMultiple, frameStep) = (32, 8)

    /// Reads `768x448x89`: columns, rows and frames; nil for anything else, and for a bucket that
    /// the model does not have.
    package init?(_ text: String) {
        let numbers = text.split(exactly: "x", omittingEmptySubsequences: false).map { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(part) ?? 0 : 0
        }
        guard numbers.count == 3, (1...100_000).contains(numbers[2]),
            numbers[2] % Self.frameStep == 1,
            numbers[..<2].allSatisfy({ (32...16_384).contains($0) && $0 % Self.sideMultiple == 0 })
        else { return nil }
        (width, height, frameCount) = (numbers[0], numbers[1], numbers[2])
    }
}
