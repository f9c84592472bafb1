import Diagnostics
import Files
import MaskStore
import Media
import Previews
import Progress
import Prompts
import SystemPackage

/// What is written besides the list.
struct DetectFiles: Sendable {
    let prompts: PromptOutput?
    private let preview: PreviewOutput?
    private let input: FilePath

    init(_ options: DetectCommand, _ input: FilePath) throws {
        self.input = input
        prompts = try options.output.map {
            try PromptOutput(FilePath($0), inputs: [input], overwrites: options.overwrite)
        }
        preview = try options.preview.map {
            try PreviewOutput(
                FilePath($0),
                inputs: [input],
                masks: MaskFolder.defaultPath(for: input),
                overwrites: options.overwrite
            )
        }
        guard let prompts, let preview,
            FileStatus.isSame(prompts.path, preview.path)
                || prompts.path.lexicallyNormalized() == preview.path.lexicallyNormalized()
        else { return }
        throw EightCutError(
            .usage,
            "cannot write to",
            on: prompts.path.string,
            because: "--output and --preview name the same file",
            remedy: "Give one of them another name."
        )
    }

    /// Makes sure, before any work is done, that the files may be written.
    func check() throws {
        try prompts?.check()
        try preview?.check()
    }

    /// Writes what was asked for.
    ///
    /// - Parameters:
    ///   - list: the objects as prompts.
    ///   - objects: the list.
    ///   - stream: of the video.
    ///   - reporter: receives the names of the files.
    /// - Throws: `EightCutError` when a file cannot be written; `CancellationError`.
    func write(
        _ list: PromptList,
        _ objects: [WithSound<ListedObject>],
        _ stream: VideoStream,
        _ reporter: any ProgressReporter
    ) async throws {
        if let prompts {
            try prompts.write(list)
            try reporter.report(.artifact(.init(kind: "prompts", path: prompts.path.string)))
        }
        guard let preview else { return }
        let marks = objects.map(\.item).map {
            MarkedObject(frame: $0.frame, point: $0.point, box: $0.box, score: $0.score)
        }
        try await CandidateSheet(of: marks, in: input, stream, output: preview).make()
        try reporter.report(.artifact(.init(kind: "preview", path: preview.path.string)))
    }
}
