import FoundationEssentials
import ShotDetection
import VideoScanning

/// The shots of a video as JSON: one document.
package struct ShotDocument: Codable, Sendable, Equatable {
    package let v: Int
    package let input: String
    /// Frames per second.
    package let frameRate: Double
    package let shots: [ShotRecord]

    package init(_ found: FoundShots, of video: ScannedVideo) {
        v = 1
        input = video.path.string
        frameRate = video.note.frameRate
        shots = found.shots.map { ShotRecord($0, of: video) }
    }
}

/// A shot as it is written.
package struct ShotRecord: Codable, Sendable, Equatable {
    /// In seconds from the start of the video, to a microsecond.
    package let start: Double
    package let startFrame: Int
    /// When the next shot begins, or the video ends.
    package let end: Double
    /// The frame after the last one.
    package let endFrame: Int
    /// How it begins: `start`, `cut`, `dissolve` or `fade`.
    package let kind: String
    /// How clear its start is, 0…1: a rank and not a probability.
    package let score: Double

    package init(_ shot: Shot, of video: ScannedVideo) {
        start = Rounded.seconds(video.time(ofFrame: shot.start))
        startFrame = shot.start
        end = Rounded.seconds(video.time(ofFrame: shot.end))
        endFrame = shot.end
        kind = shot.kind.rawValue
        score = Rounded.share(shot.score)
    }
}

/// Numbers with as many digits as they are worth.
enum Rounded {
    /// To a microsecond, never to before it: a frame that begins there is shown then.
    static func seconds(_ value: Double) -> Double { (value * 1e6 - 1e-3).rounded(.up) / 1e6 + 0 }

    static func share(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }

    static func value(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
