import ClipLibrary
import Diagnostics
import Files
import Media
import Progress
import SystemPackage

/// Plans all clips of an export before the first one is cut, so that an error in the last line of a
/// list is reported at once.
struct ExportPlanner: Sendable {
    let requests: [ExportRequest]
    let reporter: any ProgressReporter

    /// A source, and what is known about its frames.
    private struct Source: Sendable {
        let media: MediaSource
        let index: FrameIndex
    }

    /// What distinguishes sources: one file can be read in several ways.
    private struct Key: Hashable {
        let path: FilePath
        let options: String

        init(_ request: ExportRequest) {
            path = request.input
            options = "\(ExportPlanner.reading(request))"
        }
    }

    /// The clips of every request, in their order.
    func plan() async throws -> [[PlannedClip]] {
        let meter = PlanningMeter(total: requests.count, reporter: reporter)
        try meter.begin()
        let sources = try await readSources()
        try await prepare(sources)
        var encoders: [CutSettings.Encoder: VideoEncoder] = [:]
        var planned: [[PlannedClip]] = []
        for request in requests {
            try await naming(request) {
                guard let source = sources[Key(request)] else { return }
                let encoder = try await encoder(request.settings, &encoders)
                planned.append(
                    try await plans(request, source).map {
                        PlannedClip(request: request, plan: $0, encoder: encoder)
                    }
                )
            }
            try meter.report(done: planned.count)
        }
        try warn(of: planned.flatMap(\.self))
        return planned
    }

    /// Looks into every source once.
    private func readSources() async throws -> [Key: Source] {
        var sources: [Key: Source] = [:]
        for request in requests {
            try await naming(request) {
                try ClipName.check(request.name)
                try request.checkProfile()
                guard sources[Key(request)] == nil else { return }
                let media = try await VideoProbe.source(
                    of: request.input,
                    Self.reading(request)
                )
                sources[Key(request)] = Source(media: media, index: FrameIndex(media))
                try reportChoices(media, request.settings)
            }
        }
        return sources
    }

    /// Reports which streams are taken, once for each source that has several.
    private func reportChoices(_ source: MediaSource, _ settings: CutSettings) throws {
        let video = source.video
        try reporter.warn("streamChoice", video.choiceNote)
        try reporter.warn("transparency", video.transparencyNote(of: source.path))
        guard settings.audio != .none else { return }
        let note = source.audioChoice.note(settings.audioStream, of: source.path)
        try reporter.warn("streamChoice", note)
    }

    /// The frame rate of the clip is that of a folder of images, too, where nothing else says it.
    private static func reading(_ request: ExportRequest) -> VideoOptions {
        var options = request.settings.video
        if options.imageRate == nil, FileStatus(following: request.input)?.kind == .folder,
            ImageSequence.notedRate(request.input) == nil
        {
            options.imageRate = request.settings.frameRate
        }
        return options
    }

    /// Reads what the clips of every source need, all at once: a long file has a long index, which
    /// is read again by every run of ffprobe.
    private func prepare(_ sources: [Key: Source]) async throws {
        var spans: [Key: [ClosedRange<Int>]] = [:]
        for request in requests where request.count == 1 {
            try await naming(request) {
                guard let source = sources[Key(request)] else { return }
                let planner = CutPlanner(source.media, request.settings, source.index)
                guard let span = try planner.span(request.start) else { return }
                spans[Key(request), default: []].append(span)
            }
        }
        for (key, spans) in spans where spans.count > 1 {
            try await sources[key]?.index.prepare(spans)
        }
    }

    /// Adds to errors which line of a list they are about.
    private func naming(
        _ request: ExportRequest,
        _ body: () async throws -> Void
    ) async throws {
        do {
            try await body()
        } catch let error as EightCutError {
            throw request.naming(error)
        }
    }

    private func encoder(
        _ settings: CutSettings,
        _ known: inout [CutSettings.Encoder: VideoEncoder]
    ) async throws -> VideoEncoder {
        guard settings.form == .video else { return .x264 }
        if let encoder = known[settings.encoder] { return encoder }
        let choice = try await EncoderTrial(settings).choose()
        if let note = choice.note {
            try reporter.report(.warning(.init(code: "encoder", message: note)))
        }
        known[settings.encoder] = choice.encoder
        return choice.encoder
    }

    private func plans(_ request: ExportRequest, _ source: Source) async throws -> [CutPlan] {
        let planner = CutPlanner(source.media, request.settings, source.index)
        let first = try await planner.plan(request.start)
        var plans = [first]
        guard request.count > 1 else { return plans }
        // The later ones count from the requested start, not from the frame that was found.
        let base =
            switch request.start {
            case .time(let nanoseconds): nanoseconds
            case .timecode(let code): try code.nanoseconds(in: source.media)
            case .frame: first.start
            }
        for number in 1..<request.count {
            let start = ClipStart.time(nanoseconds: base + number * request.spread)
            plans.append(try await planner.plan(start))
        }
        return plans
    }

    /// Warns of clips that are not quite what was asked for.
    private func warn(of clips: [PlannedClip]) throws {
        var told: Set<FilePath> = []
        for clip in clips {
            if let warning = TimeWarnings.lateStart(clip.plan) {
                try reporter.report(.warning(warning))
            }
            guard let warning = TimeWarnings.variableRate(clip.plan),
                told.insert(clip.plan.source.path).inserted
            else { continue }
            try reporter.report(.warning(warning))
        }
    }
}

/// Reports that the clips of a long list are planned.
private final class PlanningMeter {
    private let total: Int
    private let reporter: any ProgressReporter
    private let meter = ProgressMeter()
    private var last = 0.0

    init(total: Int, reporter: any ProgressReporter) {
        self.total = total
        self.reporter = reporter
    }

    /// Reports a list that takes a while.
    func begin() throws {
        guard total > 4 else { return }
        try send(0)
    }

    /// Reports at most once a second.
    func report(done: Int) throws {
        guard total > 4, done < total, meter.elapsed - last > 1 else { return }
        last = meter.elapsed
        try send(done)
    }

    private func send(_ done: Int) throws {
        try reporter.report(
            .progress(.init(unit: "plan", done: done, total: total, totalIsEstimate: false))
        )
    }
}

/// What to know about the times of a clip.
private enum TimeWarnings {
    /// A start before the first frame.
    static func lateStart(_ plan: CutPlan) -> ProgressEvent.Warning? {
        guard plan.lateStart > 0 else { return nil }
        let first = ClipStart.clock(nanoseconds: plan.start / 1000 * 1000)
        let message: MessageText =
            "the first frame of \(quoted(plan.source.path.string)) is shown at \(first): the clip "
            + "begins there, not at \(ClipStart.clock(nanoseconds: plan.requestedStart))."
        return .init(code: "lateStart", message: message)
    }

    /// A variable frame rate, where that costs frames.
    static func variableRate(_ plan: CutPlan) -> ProgressEvent.Warning? {
        guard plan.settings.frameRate == nil, let uneven = plan.uneven else { return nil }
        let rate = { (value: Double) in "\((value * 1000).rounded() / 1000)" }
        let message: MessageText =
            "\(quoted(plan.source.path.string)) has a variable frame rate. At its average of "
            + "\(rate(plan.frameRate.value)) fps the clip at "
            + "\(ClipStart.clock(nanoseconds: plan.start / 1_000_000 * 1_000_000)) repeats "
            + "\(uneven.repeated) frames and leaves out \(uneven.skipped) of the video's; most "
            + "there are shown at \(rate(uneven.usualRate)) fps. --fps sets another rate."
        return .init(code: "variableRate", message: message)
    }
}

/// Clips that are cut in one go, because they overlap: what they share is decoded once.
struct CutGroup: Sendable {
    /// Places of the clips in the list of all.
    let members: [Int]

    /// Divides clips into groups: same source, same settings, each beginning before the one before
    /// it is over.
    ///
    /// - Parameters:
    ///   - clips: all clips.
    ///   - width: groups that are cut side by side. One ffmpeg keeps few cores busy, so many cores
    ///     need small groups; and each encoder holds frames in memory, so none is large.
    /// - Returns: the groups, by their first clips.
    static func make(_ clips: [PlannedClip], width: Int) -> [CutGroup] {
        let most = min(8, max(2, 16 / max(1, width)))
        var groups: [[Int]] = []
        let order = clips.indices.sorted {
            (clips[$0].plan.start, $0) < (clips[$1].plan.start, $1)
        }
        for index in order {
            let clip = clips[index]
            let place = groups.lastIndex { group in
                guard group.count < most, let last = group.last else { return false }
                let other = clips[last]
                return other.plan.source.path == clip.plan.source.path
                    && other.plan.settings == clip.plan.settings
                    && Double(clip.plan.start) / 1e9
                        < Double(other.plan.start) / 1e9 + other.plan.duration
            }
            if let place {
                groups[place].append(index)
            } else {
                groups.append([index])
            }
        }
        return groups.sorted { ($0.min() ?? 0) < ($1.min() ?? 0) }.map { CutGroup(members: $0) }
    }
}
