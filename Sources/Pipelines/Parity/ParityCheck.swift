import Diagnostics
import Files
import MLTools
import MaskPipeline
import Media
import Methods
import Progress
import Prompts
import SystemPackage
import Weights

/// Compares the native engine with the reference implementation, on the first frames of a video.
package struct ParityCheck: Sendable {
    private let input: FilePath
    private let options: VideoOptions
    private let frameCount: Int
    private let model: CheckpointModel
    private let prompts: PromptList
    private let home: EightCutHome
    private let program: FilePath

    /// - Parameters:
    ///   - input: the video.
    ///   - options: how it is read.
    ///   - frames: how many of its frames, at most.
    ///   - model: the checkpoint, of any kind that there is a reference for, and what runs it
    ///     natively.
    ///   - prompts: which objects are meant, for SAM 2 and EdgeTAM.
    ///   - home: the folder with the environment that the reference runs in.
    ///   - program: `8cut`, beside which the scripts of the reference are.
    package init(
        input: FilePath,
        _ options: VideoOptions = VideoOptions(),
        frames: Int,
        model: CheckpointModel,
        prompts: PromptList = PromptList(),
        home: EightCutHome = .current,
        program: FilePath = ToolsStatus.runningProgram
    ) {
        self.input = input.absolute
        self.options = options
        frameCount = frames
        self.model = model
        self.prompts = prompts
        self.home = home
        self.program = program
    }

    /// Runs both engines, one after the other, and compares what they give.
    ///
    /// - Parameter reporter: receives the progress: first all frames of the one, then all of the
    ///   other.
    /// - Returns: how far they agree.
    /// - Throws: `EightCutError` when one of them cannot be run; `CancellationError`.
    package func run(_ reporter: any ProgressReporter) async throws -> ParityReport {
        let kind = try ModelKind(of: model.folder)
        try check(kind)
        let command = try ReferenceScript.command(kind.script, home: home, program: program)
        let stream = try await VideoProbe.stream(of: input, options)
        let folder = try ReferenceFolder(in: home)
        defer { folder.remove() }
        try reporter.report(
            .started(.init(job: "verify", input: input.string, output: folder.path.string))
        )
        try reporter.warn("streamChoice", stream.choiceNote)
        let frames = FirstFrames(of: input, stream, count: frameCount)
        let path = try await frames.extract(to: folder.path)
        let clip = try await ProbedVideo(path, FirstFrames.options)
        let comparison = try await comparison(kind, clip)
        let native = try await runNative(comparison, clip, in: folder, reporter)
        let reference = try await ReferenceResult(
            of: command + comparison.arguments(in: folder.path),
            on: path,
            model: model.folder,
            in: folder,
            reporter,
            after: native.frames,
            total: frameCount * 2
        )
        guard reference.frames == native.frames else {
            throw EightCutError(
                .toolFailed,
                "cannot compare the engines",
                on: input.string,
                because: "the reference gives \(reference.frames) masks for "
                    + "\(native.frames) frames"
            )
        }
        return ParityReport(
            model: model.name,
            precision: model.precision.rawValue,
            device: "\(model.session.device)",
            limits: comparison.limits,
            frames: try comparison.compare(native, reference),
            native: native.timing,
            reference: reference.timing
        )
    }

    private func runNative(
        _ comparison: any EngineComparison,
        _ clip: ProbedVideo,
        in folder: ReferenceFolder,
        _ reporter: any ProgressReporter
    ) async throws -> NativeResult {
        let output = folder.path.appending("native")
        let run = NativeRun(clip: clip, output: output)
        let total = frameCount * 2
        return try await run.run(comparison.method(model, in: folder.path)) { done in
            try reporter.report(.progress(.init(done: done, total: total)))
        }
    }

    /// - Throws: what is wrong with the prompts, as far as the video is not needed to find it.
    private func check(_ kind: ModelKind) throws {
        guard kind == .sam || prompts.isEmpty else {
            throw EightCutError(
                .usage,
                "cannot use prompts",
                on: model.name,
                because: "it is a depth model, which finds what is near by itself",
                remedy: "Leave them out, or choose a checkpoint of SAM 2 or EdgeTAM."
            )
        }
        let last = prompts.entries.map(\.prompt.frame).max() ?? 0
        guard last < frameCount else {
            throw EightCutError(
                .usage,
                "cannot compare the engines",
                because: "a prompt is on frame \(last), and only the first \(frameCount) frames "
                    + "are compared",
                remedy: "Compare at least \(last + 1) frames."
            )
        }
    }

    private func comparison(
        _ kind: ModelKind,
        _ clip: ProbedVideo
    ) async throws -> any EngineComparison {
        switch kind {
        case .depth: return try DepthComparison(model)
        case .sam:
            let resolved = try await prompts.resolve(for: clip.stream, of: clip.path)
            let placed = prompts.placed(width: clip.stream.width, height: clip.stream.height)
            return SamComparison(model, placed, resolved)
        }
    }
}

extension ProgressEvent.Progress {
    init(done: Int, total: Int) {
        self.init(done: done, total: total, totalIsEstimate: true)
    }
}

/// The kinds of models that have a reference script.
private enum ModelKind {
    case depth, sam

    /// Reads a checkpoint's configuration.
    ///
    /// - Parameter folder: the checkpoint's folder.
    /// - Throws: `EightCutError` when it cannot be read, or is of another kind.
    init(of folder: FilePath) throws {
        let fields = try ConfigurationFields(folder.appending("config.json"))
        switch fields.value("model_type") {
        case .string("depth_anything"): self = .depth
        case .string("sam2_video"), .string("edgetam_video"): self = .sam
        case let other?:
            let name = if case .string(let name) = other { quoted(name) } else { "no text" }
            throw fields.problem(
                "model_type",
                "is \(name), not one of 'depth_anything', 'sam2_video' and 'edgetam_video'"
            )
        case nil: throw fields.problem("model_type", "is missing")
        }
    }

    var script: ReferenceScript { self == .depth ? .depth : .sam }
}
