import Glibc
import ShotDetection
import SoundSignals
import VideoScanning

/// Finds clips in a scanned video: windows within one shot that pass all limits, no two of them close
/// to each other, chosen so that they are as many and as good as can be.
///
/// Nothing is decoded, so that limits can be changed while a person watches.
package struct ClipSearch: Sendable {
    /// Why a place is no candidate.
    package enum Filter: String, Sendable, CaseIterable {
        /// Its shot is too short.
        case shot
        case silence, bandwidth, onsets, black, still, speech, music, exported, rejected
    }

    /// What was found.
    package struct Result: Sendable {
        /// The best first.
        package var candidates: [Candidate] = []
        /// How many places were looked at: each frame or 0.1 s at which a clip could begin.
        package var places = 0
        /// How many of them each filter drops, whatever the others do.
        package var dropped: [Filter: Int] = [:]
        /// How many places pass.
        package var passed = 0
        /// Candidates that were left out because there are more than the most wanted.
        package var surplus = 0
        /// The place that misses the limits of a filter by least.
        package var nearest: [Filter: Double] = [:]
    }

    /// A part of the video in which nothing is offered.
    package struct Taken: Sendable, Equatable {
        package let start: Double
        package let duration: Double
        package let filter: Filter

        package init(start: Double, duration: Double, _ filter: Filter) {
            (self.start, self.duration, self.filter) = (start, duration, filter)
        }
    }

    private let video: ScannedVideo
    private let shots: FoundShots
    private let settings: FindSettings
    private let taken: [Taken]
    private let signals: ClipSignals
    private let score: ClipScore

    /// Seconds from one place to the next.
    private static let step = 0.1
    /// Parts are taken for a clip if they have more than this share of it.
    private static let takenShare = 0.5

    /// - Parameters:
    ///   - video: the video.
    ///   - shots: its shots.
    ///   - settings: what is looked for.
    ///   - taken: parts in which nothing is offered.
    package init(
        _ video: ScannedVideo,
        _ shots: FoundShots,
        _ settings: FindSettings,
        taken: [Taken] = []
    ) {
        (self.video, self.shots, self.settings) = (video, shots, settings)
        self.taken = taken.sorted { $0.start < $1.start }
        signals = ClipSignals(video, settings)
        score = ClipScore(settings)
    }

    /// A place at which a clip could begin.
    private struct Place {
        let frame: Int
        let start: Double
        let shot: Int
        let values: ClipSignals.Values
        let score: Double
    }

    /// Finds the candidates.
    package func run() -> Result {
        var result = Result()
        var places: [Place] = []
        for (index, shot) in shots.shots.enumerated() {
            let range = starts(of: index)
            guard let range else {
                let count = max(1, Int(length(of: shot.start..<shot.end) / Self.step))
                result.places += count
                result.dropped[.shot, default: 0] += count
                note(length(of: shots.clear(index)), .shot, &result)
                continue
            }
            let bandwidth = signals.bandwidth(of: shot.start..<shot.end)
            forEachStart(in: range) { frame in
                result.places += 1
                let place = place(frame, index, bandwidth, &result)
                if let place { places.append(place) }
            }
        }
        result.passed = places.count
        let chosen = choose(places).sorted { ($1.score, $0.start) < ($0.score, $1.start) }
        let kept = chosen.prefix(settings.top ?? .max)
        result.surplus = chosen.count - kept.count
        result.candidates = kept.enumerated().map { rank, place in
            var candidate = candidate(place)
            candidate.rank = rank + 1
            return candidate
        }
        return result
    }

    /// What is known of a clip that begins with some frame, also where it is not offered.
    package func candidate(startingAt frame: Int) -> Candidate {
        let index = shots.index(ofFrame: frame)
        let shot = shots.shots[index]
        let start = video.time(ofFrame: frame)
        let values = values(frame, start)
        let bandwidth = signals.bandwidth(of: shot.start..<shot.end)
        return candidate(
            Place(
                frame: frame,
                start: start,
                shot: index,
                values: values,
                score: score.value(values, bandwidth)
            )
        )
    }

    /// Which filters drop a clip that begins with some frame.
    package func filters(atFrame frame: Int) -> [Filter] {
        let index = shots.index(ofFrame: frame)
        var result = Result()
        let shot = shots.shots[index]
        let bandwidth = signals.bandwidth(of: shot.start..<shot.end)
        _ = place(frame, index, bandwidth, &result)
        if let range = starts(of: index), range.contains(frame) {
        } else {
            result.dropped[.shot] = 1
        }
        return Filter.allCases.filter { result.dropped[$0] != nil }
    }

    // MARK: - Places

    /// The frames with which a clip can begin that lies in a shot; nil where there is none.
    private func starts(of index: Int) -> ClosedRange<Int>? {
        let clear = shots.clear(index)
        guard let range = starts(in: clear) else { return nil }
        // At the ends of the video there is nothing to keep away from.
        let first = index > 0 ? settings.margin : 0
        let last = index + 1 < shots.shots.count ? settings.margin : 0
        return starts(in: clear.lowerBound + first..<max(clear.lowerBound + first, clear.upperBound - last))
            ?? range
    }

    /// The same for some frames.
    private func starts(in frames: Range<Int>) -> ClosedRange<Int>? {
        guard !frames.isEmpty else { return nil }
        // Times are rounded to microseconds in some files, and to milliseconds in others.
        let latest = video.time(ofFrame: frames.upperBound) - settings.duration + 0.0011
        let last = video.frame(at: latest)
        guard last >= frames.lowerBound, video.time(ofFrame: last) <= latest else { return nil }
        return frames.lowerBound...last
    }

    private func forEachStart(in range: ClosedRange<Int>, _ body: (Int) -> Void) {
        var frame = range.lowerBound
        while true {
            body(frame)
            guard frame < range.upperBound else { return }
            let next = video.frame(at: video.time(ofFrame: frame) + Self.step)
            frame = min(max(frame + 1, next), range.upperBound)
        }
    }

    private func length(of frames: Range<Int>) -> Double {
        video.time(ofFrame: frames.upperBound) - video.time(ofFrame: frames.lowerBound)
    }

    private func values(_ frame: Int, _ start: Double) -> ClipSignals.Values {
        let end = video.frame(at: start + settings.duration - 0.0011) + 1
        return signals.values(
            of: frame..<min(max(frame + 1, end), video.measures.frames.count),
            start: start,
            duration: settings.duration
        )
    }

    /// Holds a place against all limits.
    private func place(
        _ frame: Int,
        _ shot: Int,
        _ bandwidth: Double?,
        _ result: inout Result
    ) -> Place? {
        let start = video.time(ofFrame: frame)
        let values = values(frame, start)
        var passes = true
        func hold(_ isGood: Bool, _ filter: Filter, _ nearest: Double? = nil) {
            if let nearest { note(nearest, filter, &result) }
            guard !isGood else { return }
            result.dropped[filter, default: 0] += 1
            passes = false
        }
        hold(values.silence <= settings.silence.share, .silence)
        hold(
            settings.bandwidth <= 0 || bandwidth ?? 0 >= settings.bandwidth,
            .bandwidth,
            bandwidth ?? 0
        )
        hold(values.onsets >= settings.onsets, .onsets, Double(values.onsets))
        hold(values.still <= settings.still, .still, -values.still)
        hold(values.black <= settings.black, .black, -values.black)
        hold(Self.fits(values.speech, settings.speech), .speech)
        hold(Self.fits(values.music, settings.music), .music)
        for filter in [Filter.exported, .rejected] where isTaken(start, filter) {
            hold(false, filter)
        }
        guard passes else { return nil }
        return Place(
            frame: frame,
            start: start,
            shot: shot,
            values: values,
            score: score.value(values, bandwidth)
        )
    }

    private func note(_ value: Double, _ filter: Filter, _ result: inout Result) {
        result.nearest[filter] = max(result.nearest[filter] ?? -.infinity, value)
    }

    /// Whether a clip with this share of speech or music is wanted.
    private static func fits(_ share: Double?, _ content: FindSettings.Content) -> Bool {
        guard let share else { return true }
        return switch content {
        case .keep: true
        case .drop: share < ClipScore.contentShare
        case .only: share >= ClipScore.contentShare
        }
    }

    private func isTaken(_ start: Double, _ filter: Filter) -> Bool {
        let end = start + settings.duration
        return taken.contains { part in
            guard part.filter == filter else { return false }
            let shared = min(end, part.start + part.duration) - max(start, part.start)
            return shared > Self.takenShare * min(settings.duration, part.duration)
        }
    }

    // MARK: - Choice

    /// Of places in order, those whose scores, squared, have the largest sum while no two are closer
    /// than the spacing.
    ///
    /// Taking the best one first would leave gaps beside it that are too short for another clip.
    private func choose(_ places: [Place]) -> [Place] {
        let spacing = (settings.spacing ?? settings.duration) - 1e-6
        // The best sum with the first so many places.
        var sums = [0.0]
        // How many places come before one that is chosen, far enough from it.
        var before: [Int] = []
        var reach = 0
        for place in places {
            while reach < before.count, places[reach].start <= place.start - spacing { reach += 1 }
            before.append(reach)
            let with = sums[reach] + place.score * place.score
            sums.append(max(sums[sums.count - 1], with))
        }
        var chosen: [Place] = []
        var count = places.count
        while count > 0 {
            if sums[count] == sums[count - 1] {
                count -= 1
            } else {
                chosen.append(places[count - 1])
                count = before[count - 1]
            }
        }
        return chosen.reversed()
    }

    private func candidate(_ place: Place) -> Candidate {
        let shot = shots.shots[place.shot]
        let bandwidth = signals.bandwidth(of: shot.start..<shot.end)
        let values = place.values
        let end = video.frame(at: place.start + settings.duration - 0.0011)
        return Candidate(
            startFrame: place.frame,
            start: place.start,
            duration: settings.duration,
            shotIndex: place.shot,
            shot: shot,
            score: place.score,
            reasons: score.reasons(values, bandwidth),
            flags: flags(values, place.frame..<min(end + 1, video.measures.frames.count), place)
        )
    }

    private func flags(
        _ values: ClipSignals.Values,
        _ frames: Range<Int>,
        _ place: Place
    ) -> [Candidate.Flag] {
        var flags: [Candidate.Flag] = []
        if values.speech ?? 0 >= ClipScore.contentShare { flags.append(.speech) }
        if values.music ?? 0 >= ClipScore.contentShare { flags.append(.music) }
        if values.clipping > 0.001 { flags.append(.clipped) }
        let sound = video.measures.sound?
            .window(start: place.start, duration: settings.duration)
        if (video.note.audio?.channels ?? 0) > 1, sound?.isMono == true { flags.append(.mono) }
        if isLetterboxed(frames) { flags.append(.letterbox) }
        if isTaken(place.start, .exported) { flags.append(.exported) }
        if isTaken(place.start, .rejected) { flags.append(.rejected) }
        return flags
    }

    /// Whether all frames that are not black have the same kind of bars.
    private func isLetterboxed(_ frames: Range<Int>) -> Bool {
        let shown = video.measures.frames[frames].filter { $0.blackShare < 0.9 }
        guard !shown.isEmpty else { return false }
        let rows = shown.allSatisfy { $0.bars.top > 0.02 && $0.bars.bottom > 0.02 }
        let columns = shown.allSatisfy { $0.bars.left > 0.02 && $0.bars.right > 0.02 }
        return rows || columns
    }
}
