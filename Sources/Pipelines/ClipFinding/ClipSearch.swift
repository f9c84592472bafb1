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
        /// A person has kept it: it waits to be exported.
        case kept
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

    private let searched: SearchedVideo
    private let places: ClipPlaces?
    private let settings: FindSettings
    private let taken: TakenParts
    private let offersTaken: Bool
    private let silent: SilentRows
    private let score: ClipScore

    private var video: ScannedVideo { searched.video }
    private var shots: FoundShots { searched.shots }

    /// - Parameters:
    ///   - searched: the video.
    ///   - settings: what is looked for.
    ///   - places: those of the video, where they are known already.
    ///   - taken: parts in which nothing is offered.
    ///   - offersTaken: whether clips in such parts are only flagged.
    package init(
        _ searched: SearchedVideo,
        _ settings: FindSettings,
        places: ClipPlaces? = nil,
        taken: [Taken] = [],
        offersTaken: Bool = false
    ) {
        (self.searched, self.settings) = (searched, settings)
        self.places = places.flatMap { $0.fit(settings) ? $0 : nil }
        self.taken = TakenParts(taken, duration: settings.duration)
        self.offersTaken = offersTaken
        silent = SilentRows(searched.video, below: settings.silence.level)
        score = ClipScore(settings)
    }

    /// The same for a video that is searched once.
    package init(
        _ video: ScannedVideo,
        _ shots: FoundShots,
        _ settings: FindSettings,
        taken: [Taken] = [],
        offersTaken: Bool = false
    ) {
        self.init(
            SearchedVideo(video, shots, stillDifference: settings.stillDifference),
            settings,
            taken: taken,
            offersTaken: offersTaken
        )
    }

    /// Finds the candidates.
    package func run() -> Result {
        let all = places ?? ClipPlaces(in: searched, settings)
        var tally = PlaceTally()
        var passing: [Passing] = []
        for (index, place) in all.places.enumerated() {
            let values = values(of: place)
            let bandwidth = searched.bandwidths[place.shot]
            guard check(place, values, bandwidth, &tally) else { continue }
            passing.append(
                Passing(
                    index: index,
                    start: place.start,
                    score: score.value(values, bandwidth)
                )
            )
        }
        let chosen = choose(passing).sorted { ($1.score, $0.start) < ($0.score, $1.start) }
        var result = tally.result(all)
        result.passed = passing.count
        let kept = chosen.prefix(settings.top ?? .max)
        result.surplus = chosen.count - kept.count
        result.candidates = kept.enumerated().map { rank, place in
            var candidate = candidate(all.places[place.index])
            candidate.rank = rank + 1
            return candidate
        }
        return result
    }

    /// What is known of a clip that begins with some frame, also where it is not offered.
    package func candidate(startingAt frame: Int) -> Candidate {
        candidate(place(frame))
    }

    /// Which filters drop a clip that begins with some frame.
    package func filters(atFrame frame: Int) -> [Filter] {
        let place = place(frame)
        var tally = PlaceTally()
        _ = check(place, values(of: place), searched.bandwidths[place.shot], &tally)
        if ClipStarts(searched, settings).range(in: place.shot)?.contains(frame) != true {
            tally.drop(.shot)
        }
        return Filter.allCases.filter { tally.hasDropped($0) }
    }

    // MARK: - Places

    private func place(_ frame: Int) -> ClipPlaces.Place {
        searched.place(frame, in: shots.index(ofFrame: frame), duration: settings.duration)
    }

    private func values(of place: ClipPlaces.Place) -> ClipSignals.Values {
        var values = place.values
        values.silence = silent.share(of: place.rows, duration: settings.duration)
        return values
    }

    /// Holds a place against all limits.
    ///
    /// - Returns: whether it passes.
    private func check(
        _ place: ClipPlaces.Place,
        _ values: ClipSignals.Values,
        _ bandwidth: Double?,
        _ tally: inout PlaceTally
    ) -> Bool {
        var passes = true
        func hold(_ isGood: Bool, _ filter: Filter) {
            guard !isGood else { return }
            tally.drop(filter)
            passes = false
        }
        tally.note(bandwidth ?? 0, values)
        hold(values.silence <= settings.silence.share, .silence)
        hold(settings.bandwidth <= 0 || bandwidth ?? 0 >= settings.bandwidth, .bandwidth)
        hold(values.onsets >= settings.onsets, .onsets)
        hold(values.still <= settings.still, .still)
        hold(values.black <= settings.black, .black)
        hold(Self.fits(values.speech, settings.speech), .speech)
        hold(Self.fits(values.music, settings.music), .music)
        guard !offersTaken else { return passes }
        for kind in taken.kinds { hold(!kind.hasTaken(place.start), kind.filter) }
        return passes
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

    // MARK: - Choice

    /// A place that passes all limits.
    private struct Passing {
        let index: Int
        let start: Double
        let score: Double
    }

    /// Of places in order, those whose scores, squared, have the largest sum while no two are closer
    /// than the spacing.
    ///
    /// Taking the best one first would leave gaps beside it that are too short for another clip.
    private func choose(_ places: [Passing]) -> [Passing] {
        let spacing = (settings.spacing ?? settings.duration) - 1e-6
        // The best sum with the first so many places.
        var sums = [0.0]
        sums.reserveCapacity(places.count + 1)
        // How many places come before one that is chosen, far enough from it.
        var before: [Int] = []
        before.reserveCapacity(places.count)
        var reach = 0
        for place in places {
            while reach < before.count, places[reach].start <= place.start - spacing { reach += 1 }
            before.append(reach)
            let with = sums[reach] + place.score * place.score
            sums.append(max(sums[sums.count - 1], with))
        }
        var chosen: [Passing] = []
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

    private func candidate(_ place: ClipPlaces.Place) -> Candidate {
        let bandwidth = searched.bandwidths[place.shot]
        let values = values(of: place)
        return Candidate(
            startFrame: place.frame,
            start: place.start,
            duration: settings.duration,
            shotIndex: place.shot,
            shot: shots.shots[place.shot],
            score: score.value(values, bandwidth),
            reasons: score.reasons(values, bandwidth),
            flags: flags(values, place)
        )
    }

    private func flags(
        _ values: ClipSignals.Values,
        _ place: ClipPlaces.Place
    ) -> [Candidate.Flag] {
        var flags: [Candidate.Flag] = []
        if values.speech ?? 0 >= ClipScore.contentShare { flags.append(.speech) }
        if values.music ?? 0 >= ClipScore.contentShare { flags.append(.music) }
        if values.clipping > 0.001 { flags.append(.clipped) }
        let sound = video.measures.sound?
            .window(start: place.start, duration: settings.duration)
        if (video.note.audio?.channels ?? 0) > 1, sound?.isMono == true { flags.append(.mono) }
        if values.isLetterboxed { flags.append(.letterbox) }
        if taken.contain(place.start, .exported) { flags.append(.exported) }
        if taken.contain(place.start, .rejected) { flags.append(.rejected) }
        return flags
    }
}

/// What is counted while places are held against limits.
private struct PlaceTally {
    private var dropped = [Int](repeating: 0, count: ClipSearch.Filter.allCases.count)
    /// The largest bandwidth and number of onsets, and the least shares.
    private var bandwidth = -Double.infinity
    private var onsets = -1
    private var still = Double.infinity
    private var black = Double.infinity

    mutating func note(_ bandwidth: Double, _ values: ClipSignals.Values) {
        self.bandwidth = max(self.bandwidth, bandwidth)
        onsets = max(onsets, values.onsets)
        still = min(still, values.still)
        black = min(black, values.black)
    }

    mutating func drop(_ filter: ClipSearch.Filter) { dropped[filter.place] += 1 }

    func hasDropped(_ filter: ClipSearch.Filter) -> Bool { dropped[filter.place] > 0 }

    /// The counts of all places, with those in shots that are too short.
    func result(_ all: ClipPlaces) -> ClipSearch.Result {
        var result = ClipSearch.Result()
        result.places = all.places.count + all.tooShort.count
        for filter in ClipSearch.Filter.allCases where hasDropped(filter) {
            result.dropped[filter] = dropped[filter.place]
        }
        if all.tooShort.count > 0 { result.dropped[.shot] = all.tooShort.count }
        result.nearest[.shot] = all.tooShort.longest
        guard !all.places.isEmpty else { return result }
        result.nearest[.bandwidth] = bandwidth
        result.nearest[.onsets] = Double(onsets)
        result.nearest[.still] = -still
        result.nearest[.black] = -black
        return result
    }
}

extension ClipSearch.Filter {
    /// Its number.
    fileprivate var place: Int {
        switch self {
        case .shot: 0
        case .silence: 1
        case .bandwidth: 2
        case .onsets: 3
        case .still: 4
        case .black: 5
        case .speech: 6
        case .music: 7
        case .exported: 8
        case .rejected: 9
        case .kept: 10
        }
    }
}
