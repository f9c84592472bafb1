import ClipExport
import Diagnostics
import MaskPipeline
import MaskStore
import Media
import Previews
import Progress
import SystemPackage

/// What a `masks` command writes besides the folder of masks: a preview, and the masks as a video.
struct MaskViews: Sendable {
    private let preview: PreviewOutput?
    private let video: PreviewOutput?
    private let files: MaskFiles

    /// - Throws: `EightCutError` when both have the same name.
    init(_ options: MaskFileOptions, _ files: MaskFiles, reading inputs: [FilePath]) throws {
        self.files = files
        func output(
            _ name: String?,
            _ content: PreviewOutput.Content
        ) throws -> PreviewOutput? {
            try name.map {
                try PreviewOutput(
                    FilePath($0),
                    content,
                    inputs: [files.input] + inputs,
                    masks: files.output,
                    overwrites: options.overwrite
                )
            }
        }
        preview = try output(options.preview, .preview)
        video = try output(options.maskVideo, .maskVideo)
        guard let preview, let video, preview.isSame(as: video) else { return }
        throw EightCutError(
            .usage,
            "cannot write to",
            on: video.path.string,
            because: "--preview and --video name the same file",
            remedy: "Give one of them another name."
        )
    }

    /// Makes sure, before any work is done, that the files may be written.
    ///
    /// - Throws: `EightCutError` (`outputUnusable`).
    func check() throws {
        if let preview { try advising("--preview") { try preview.check() } }
        if let video { try advising("--video") { try video.check() } }
    }

    /// Writes them.
    ///
    /// - Throws: `EightCutError` when one cannot be written, or masks are gone meanwhile;
    ///   `CancellationError`.
    func make(
        of source: ProbedVideo,
        _ summary: RunSummary,
        _ reporter: any ProgressReporter
    ) async throws {
        var problems: [MaskSetProblem] = []
        if let preview {
            let work = try Preview(
                input: files.input,
                masks: files.output,
                output: preview,
                reporter: reporter
            )
            let result = try await advising("--preview") { try await work.make(source.stream) }
            try reporter.report(.artifact(.init(kind: "preview", path: preview.path.string)))
            problems += result.problem.map { [$0] } ?? []
        }
        if let video {
            let work = MaskVideoFile(masks: files.output, output: video, reporter: reporter)
            let problem = try await advising("--video") {
                try await work.make(
                    source.stream,
                    frameCount: summary.frameCount,
                    frameRate: FrameRate.average(of: source.stream) ?? Rational(25)
                )
            }
            try reporter.report(.artifact(.init(kind: "video", path: video.path.string)))
            problems += problem.map { [$0] } ?? []
        }
        let done = "The files that were asked for are made."
        if let error = MaskSetProblem.error(of: Array(problems.prefix(1)), done: done) {
            throw error
        }
    }
}

/// Names the option that chooses the file: `--output` is the one for masks.
private func advising<Result>(
    _ option: String,
    _ body: () async throws -> Result
) async throws -> Result {
    do {
        return try await body()
    } catch let error as EightCutError where error.code == .outputUnusable {
        throw advised(error, option)
    }
}

private func advising(_ option: String, _ body: () throws -> Void) throws {
    do {
        try body()
    } catch let error as EightCutError where error.code == .outputUnusable {
        throw advised(error, option)
    }
}

private func advised(_ error: EightCutError, _ option: String) -> EightCutError {
    error.advising(
        "Give \(option) another name; --overwrite allows it to replace files of others."
    )
}
