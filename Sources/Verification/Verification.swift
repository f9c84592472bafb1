import DepthAnythingV2
import Diagnostics
import Files
import Jobs
import MLTools
import Masks
import Media
import OnnxEngine
import SystemPackage

/// Holds the native engine of Depth Anything against the reference implementation, on the first
/// frames of a video.
public struct Verification: Sendable {
    private let input: FilePath
    private let frameCount: Int
    private let model: CheckpointModel
    private let home: EightCutHome
    private let program: FilePath

    /// Plans it.
    ///
    /// - Parameters:
    ///   - input: the video.
    ///   - frames: how many of its frames, at most.
    ///   - model: the checkpoint, and what runs it natively.
    ///   - home: the folder with the environment that the reference runs in.
    ///   - program: `8cut`, which supervises child processes.
    public init(
        input: FilePath,
        frames: Int,
        model: CheckpointModel,
        home: EightCutHome = .current,
        program: FilePath = ToolsStatus.runningProgram
    ) {
        self.input = input.absolute
        frameCount = frames
        self.model = model
        self.home = home
        self.program = program
    }

    /// Runs both engines, one after the other, and compares what they give.
    ///
    /// - Parameter reporter: is told of the progress: first all frames of the one, then all of
    ///   the other.
    /// - Returns: what came of it.
    /// - Throws: `EightCutError` when one of them cannot be run; `CancellationError`.
    public func run(_ reporter: any JobReporter) async throws -> VerificationReport {
        let isMetric =
            try DepthAnythingConfiguration.read(from: model.folder).depthKind == .metric
        let command = try ReferenceScript.command(.depth, home: home, program: program)
        _ = try await VideoProbe.stream(of: input)
        let folder = try ReferenceFolder(in: home)
        defer { folder.remove() }
        try reporter.report(
            .started(.init(job: "verify", input: input.string, output: folder.path.string))
        )
        let clip = folder.path.appending("frames.mkv")
        try await cut(clip, in: folder.path)

        let total = frameCount * 2
        let native = try await NativeRun(clip: clip, output: folder.path.appending("native"))
            .run(model) { done in
                try reporter.report(.progress(.init(done: done, total: total)))
            }
        let reference = try await ReferenceRun(
            command: command,
            clip: clip,
            output: folder.path.appending("reference"),
            child: SupervisedChild(
                program: program,
                folder: folder.path,
                temporary: folder.path
            )
        ).run(model.folder) { done in
            try reporter.report(.progress(.init(done: native.frames + done, total: total)))
        }
        guard reference.frames == native.frames else {
            throw EightCutError(
                .toolFailed,
                "cannot compare the engines",
                on: input.string,
                because: "the reference gives \(reference.frames) masks for "
                    + "\(native.frames) frames"
            )
        }
        return VerificationReport(
            model: model.name,
            precision: model.precision.rawValue,
            device: "\(model.session.device)",
            isMetric: isMetric,
            frames: try (0..<native.frames).map { frame in
                try Task.checkCancellation()
                return try FrameComparison.compare(
                    frame,
                    native,
                    reference,
                    isMetric: isMetric
                )
            },
            native: native.timing,
            reference: reference.timing
        )
    }

    /// Both engines read the same pixels: the first frames, without loss, as RGB.
    private func cut(_ clip: FilePath, in folder: FilePath) async throws {
        let child = SupervisedChild(program: program, folder: folder, temporary: folder)
        let end = try await child.run([
            "ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-i",
            "file:" + input.string, "-map", "0:V:0", "-frames:v", "\(frameCount)", "-c:v", "ffv1",
            "-pix_fmt", "gbrp", "-fps_mode", "passthrough", clip.string,
        ])
        guard end.status == 0 else {
            throw EightCutError(
                .toolFailed,
                "cannot cut frames out of",
                on: input.string,
                because: end.lines.last ?? "ffmpeg ended with status \(end.status)"
            )
        }
    }
}

extension JobEvent.Progress {
    fileprivate init(done: Int, total: Int) {
        self.init(done: done, total: total, totalIsEstimate: true)
    }
}
