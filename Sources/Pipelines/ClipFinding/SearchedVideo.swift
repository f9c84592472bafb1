import ShotDetection
import SoundSignals
import VideoScanning

/// A scanned video made ready for searches: its shots, and the sums that every search reads, so that
/// another search of the same video takes little time.
package struct SearchedVideo: Sendable {
    package let video: ScannedVideo
    package let shots: FoundShots
    let signals: ClipSignals
    /// The bandwidth of the recording that each shot comes from, in Hz; nil where all is quiet.
    let bandwidths: [Double?]

    /// - Parameters:
    ///   - video: the video.
    ///   - shots: its shots.
    ///   - stillDifference: of a still frame (`FindSettings.stillDifference`).
    package init(
        _ video: ScannedVideo,
        _ shots: FoundShots,
        stillDifference: Float = FindSettings().stillDifference
    ) {
        (self.video, self.shots) = (video, shots)
        signals = ClipSignals(video, stillDifference: stillDifference)
        bandwidths = shots.shots.map { Self.bandwidth(of: $0, in: video) }
    }

    private static func bandwidth(of shot: Shot, in video: ScannedVideo) -> Double? {
        let start = video.time(ofFrame: shot.start)
        let end = video.time(ofFrame: shot.end)
        return video.measures.sound?.window(start: start, duration: end - start).bandwidth
    }

    /// What is known of a clip that begins with some frame.
    func place(_ frame: Int, in shot: Int, duration: Double) -> ClipPlaces.Place {
        let start = video.time(ofFrame: frame)
        let end = video.frame(at: start + duration - 0.0011) + 1
        let frames = frame..<min(max(frame + 1, end), video.measures.frames.count)
        let rows = signals.rows(start: start, duration: duration)
        return ClipPlaces.Place(
            frame: frame,
            start: start,
            shot: shot,
            rows: rows,
            values: signals.values(of: frames, rows, start: start, duration: duration)
        )
    }
}

/// All places of a video at which a clip of some length could begin, with what is measured there.
///
/// Limits do not change them, so that a person can try limits without measuring again.
package struct ClipPlaces: Sendable {
    /// A place at which a clip could begin.
    struct Place: Sendable {
        let frame: Int
        /// In seconds.
        let start: Double
        /// The number of the shot.
        let shot: Int
        /// The rows of audio of the clip.
        let rows: Range<Int>
        /// All but the silence.
        let values: ClipSignals.Values
    }

    /// Seconds from one place to the next.
    static let step = 0.1

    package let searched: SearchedVideo
    /// Of clips, in seconds.
    let duration: Double
    let margin: Int
    /// In order of time.
    let places: [Place]
    /// How many places there would be in shots that are too short for a clip, and the seconds of the
    /// longest of these shots.
    let tooShort: (count: Int, longest: Double?)

    /// Looks at all places: each frame or 0.1 s at which a clip could begin.
    package init(in searched: SearchedVideo, _ settings: FindSettings) {
        self.searched = searched
        (duration, margin) = (settings.duration, settings.margin)
        let starts = ClipStarts(searched, settings)
        var places: [Place] = []
        var (count, longest): (Int, Double?) = (0, nil)
        let shots = searched.shots
        for (index, shot) in shots.shots.enumerated() {
            guard let range = starts.range(in: index) else {
                count += max(1, Int(starts.length(of: shot.start..<shot.end) / Self.step))
                longest = max(longest ?? 0, starts.length(of: shots.clear(index)))
                continue
            }
            starts.forEach(in: range) { frame in
                places.append(searched.place(frame, in: index, duration: settings.duration))
            }
        }
        self.places = places
        tooShort = (count, longest)
    }

    /// Whether these are the places for other settings, too.
    package func fit(_ settings: FindSettings) -> Bool {
        duration == settings.duration && margin == settings.margin
    }
}

/// The frames with which clips can begin.
struct ClipStarts {
    private let video: ScannedVideo
    private let shots: FoundShots
    private let settings: FindSettings

    init(_ searched: SearchedVideo, _ settings: FindSettings) {
        (video, shots) = (searched.video, searched.shots)
        self.settings = settings
    }

    /// The frames with which a clip can begin that lies in a shot; nil where there is none.
    func range(in index: Int) -> ClosedRange<Int>? {
        let clear = shots.clear(index)
        guard let range = range(in: clear) else { return nil }
        // At the ends of the video there is nothing to keep away from.
        let first = clear.lowerBound + (index > 0 ? settings.margin : 0)
        let last = clear.upperBound - (index + 1 < shots.shots.count ? settings.margin : 0)
        return self.range(in: first..<max(first, last)) ?? range
    }

    /// The same for some frames.
    private func range(in frames: Range<Int>) -> ClosedRange<Int>? {
        guard !frames.isEmpty else { return nil }
        // Times are rounded to microseconds in some files, and to milliseconds in others.
        let latest = video.time(ofFrame: frames.upperBound) - settings.duration + 0.0011
        let last = video.frame(at: latest)
        guard last >= frames.lowerBound, video.time(ofFrame: last) <= latest else { return nil }
        return frames.lowerBound...last
    }

    func forEach(in range: ClosedRange<Int>, _ body: (Int) -> Void) {
        var frame = range.lowerBound
        while true {
            body(frame)
            guard frame < range.upperBound else { return }
            let next = video.frame(at: video.time(ofFrame: frame) + ClipPlaces.step)
            frame = min(max(frame + 1, next), range.upperBound)
        }
    }

    /// Seconds that frames last.
    func length(of frames: Range<Int>) -> Double {
        video.time(ofFrame: frames.upperBound) - video.time(ofFrame: frames.lowerBound)
    }
}
