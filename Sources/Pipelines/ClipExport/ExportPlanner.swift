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

    /// The clips of every request, in their order.
    func plan() async throws -> [[PlannedClip]] {
        var sources: [FilePath: MediaSource] = [:]
        var encoders: [CutSettings.Encoder: VideoEncoder] = [:]
        var planned: [[PlannedClip]] = []
        for request in requests {
            do {
                try ClipName.check(request.name)
                try request.checkProfile()
                let source: MediaSource
                if let known = sources[request.input] {
                    source = known
                } else {
                    source = try await VideoProbe.source(of: request.input, reading(request))
                    sources[request.input] = source
                    try reportChoices(source, request.settings)
                }
                let wanted = request.settings.encoder
                let encoder: VideoEncoder
                if request.settings.form != .video {
                    encoder = .x264
                } else if let known = encoders[wanted] {
                    encoder = known
                } else {
                    encoder = try await choose(request.settings)
                    encoders[wanted] = encoder
                }
                planned.append(
                    try await plans(request, source).map {
                        PlannedClip(request: request, plan: $0, encoder: encoder)
                    }
                )
            } catch let error as EightCutError {
                guard let origin = request.origin else { throw error }
                throw EightCutError(
                    error.code,
                    error.what,
                    on: error.subject,
                    because: error.why + " (\(origin))",
                    remedy: error.remedy
                )
            }
        }
        return planned
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
    private func reading(_ request: ExportRequest) -> VideoOptions {
        var options = request.settings.video
        if options.imageRate == nil, FileStatus(following: request.input)?.kind == .folder,
            ImageSequence.notedRate(request.input) == nil
        {
            options.imageRate = request.settings.frameRate
        }
        return options
    }

    private func choose(_ settings: CutSettings) async throws -> VideoEncoder {
        let choice = try await EncoderTrial(settings).choose()
        if let note = choice.note {
            try reporter.report(.warning(.init(code: "encoder", message: note)))
        }
        return choice.encoder
    }

    private func plans(_ request: ExportRequest, _ source: MediaSource) async throws -> [CutPlan] {
        let planner = CutPlanner(source, request.settings)
        let first = try await planner.plan(request.start)
        var plans = [first]
        guard request.count > 1 else { return plans }
        // The later ones count from the requested start, not from the frame that was found.
        let base =
            switch request.start {
            case .time(let nanoseconds): nanoseconds
            case .timecode(let code): try code.nanoseconds(in: source)
            case .frame: first.start + 1000
            }
        for number in 1..<request.count {
            let start = ClipStart.time(nanoseconds: base + number * request.spread)
            plans.append(try await planner.plan(start))
        }
        return plans
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
