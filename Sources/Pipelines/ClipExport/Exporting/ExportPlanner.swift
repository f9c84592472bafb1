import Diagnostics
import Media
import Progress
import SystemPackage

/// Plans all clips of an export before the first one is cut, so that a mistake in the last line
/// of a list is told at once.
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
                let source: MediaSource
                if let known = sources[request.input] {
                    source = known
                } else {
                    source = try await VideoProbe.source(of: request.input)
                    sources[request.input] = source
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
        // The later ones count from what was asked for, not from the picture that was found.
        let base =
            switch request.start {
            case .time(let nanoseconds): nanoseconds
            case .frame: first.start + 1000
            }
        for number in 1..<request.count {
            let start = ClipStart.time(nanoseconds: base + number * request.spread)
            plans.append(try await planner.plan(start))
        }
        return plans
    }
}
