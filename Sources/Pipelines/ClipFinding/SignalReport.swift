import ShotDetection
import SoundSignals
import VideoScanning

/// Every signal at one place of a video, beside the limit that it is held against.
package struct SignalReport: Sendable, Equatable {
    package struct Line: Sendable, Equatable, Codable {
        package let group: String
        package let name: String
        /// Nil where it is not known.
        package let value: Double?
        package let unit: String
        /// What it is compared with; nil where nothing is decided by it.
        package let limit: Double?
        /// Whether it is on the right side of the limit; nil where there is none.
        package let isGood: Bool?
    }

    package let frame: Int
    /// In seconds from the start of the video.
    package let time: Double
    package let shot: Shot
    package private(set) var lines: [Line] = []
    /// What keeps a clip that begins here from being offered.
    package let filters: [ClipSearch.Filter]

    /// - Parameters:
    ///   - frame: a frame of the video.
    ///   - video: the video.
    ///   - shots: its shots.
    ///   - settings: the limits.
    ///   - taken: parts in which nothing is offered.
    package init(
        atFrame frame: Int,
        of video: ScannedVideo,
        _ shots: FoundShots,
        _ settings: FindSettings,
        taken: [ClipSearch.Taken]
    ) {
        self.frame = frame
        time = video.time(ofFrame: frame)
        shot = shots.shots[shots.index(ofFrame: frame)]
        let search = ClipSearch(video, shots, settings, taken: taken)
        filters = search.filters(atFrame: frame)
        addFrame(video.measures.frames, settings)
        addSound(video)
        addClip(search.candidate(startingAt: frame), settings)
    }

    private mutating func add(
        _ group: String,
        _ name: String,
        _ value: Double?,
        _ unit: String = "",
        atLeast least: Double? = nil,
        atMost most: Double? = nil
    ) {
        var isGood: Bool?
        if let value, let least { isGood = value >= least }
        if let value, let most { isGood = value <= most }
        lines.append(
            Line(
                group: group,
                name: name,
                value: value.map { Rounded.value($0) },
                unit: unit,
                limit: least ?? most,
                isGood: isGood
            )
        )
    }

    /// A clip has speech or music from the limit on, which is good where only such clips are wanted.
    private mutating func add(
        _ group: String,
        _ reason: Candidate.Reason,
        wanted content: FindSettings.Content
    ) {
        let isBelow = reason.value.flatMap { value in reason.limit.map { value < $0 } }
        lines.append(
            Line(
                group: group,
                name: reason.name.rawValue,
                value: reason.value.map { Rounded.value($0) },
                unit: "",
                limit: reason.limit,
                isGood: isBelow.map { $0 == (content == .drop) }
            )
        )
    }

    private mutating func addFrame(_ frames: [FrameMeasures], _ settings: FindSettings) {
        let measures = frames[frame]
        let rule = CutRule()
        // Good is what is not a cut, not black, not still.
        add("frame", "difference", measures.content, atMost: rule.content)
        add("frame", "ratio", rule.ratio(at: frame, in: frames), atMost: rule.ratio)
        add("frame", "likeness", Double(measures.alikeness), atLeast: Double(rule.sameLikeness))
        add(
            "frame",
            "colour distance",
            Double(measures.spanDistances[1]),
            atMost: Double(DissolveRule().distance)
        )
        add("frame", "luma", Double(measures.luma), atLeast: Double(FadeRule().black))
        add("frame", "black share", Double(measures.blackShare), atMost: 0.98)
        add(
            "frame",
            "motion in 0.5 s",
            measures.stillness.map { Double($0) },
            atLeast: Double(settings.stillDifference)
        )
    }

    private mutating func addSound(_ video: ScannedVideo) {
        guard let rows = video.measures.sound?.rows,
            rows.indices.contains(Int(time * Double(SoundRow.rate)))
        else { return }
        let row = rows[Int(time * Double(SoundRow.rate))]
        add("audio", "level", row.level, "dBFS")
        add("audio", "level of effects", row.effectsLevel, "dBFS")
        add("audio", "true peak", row.truePeak, "dBTP")
        add("audio", "momentary loudness", row.momentary, "LUFS")
        add("audio", "short-term loudness", row.shortTerm, "LUFS")
        add("audio", "bandwidth", row.bandwidth, "Hz")
        add("audio", "onset strength", row.onsetStrength, atLeast: SoundLimits.onsetExcess)
        add("audio", "clipping", row.clipping)
    }

    private mutating func addClip(_ candidate: Candidate, _ settings: FindSettings) {
        for reason in candidate.reasons {
            switch reason.name {
            case .bandwidth:
                add("clip", reason.name.rawValue, reason.value ?? 0, "Hz", atLeast: reason.limit)
            case .onsets: add("clip", reason.name.rawValue, reason.value, atLeast: reason.limit)
            case .level: add("clip", reason.name.rawValue, reason.value, "dBFS")
            case .speech: add("clip", reason, wanted: settings.speech)
            case .music: add("clip", reason, wanted: settings.music)
            case .silence, .still, .black, .clipping:
                add("clip", reason.name.rawValue, reason.value, atMost: reason.limit)
            }
        }
        add("clip", "score", candidate.score)
    }
}
