import ArgumentParser
import BatchList
import BatchPlanning
import Diagnostics
import Files
import Media
import Processes
import Progress
import Prompts
import SystemPackage

/// `8cut batch plan`.
struct BatchPlanCommand: JobCommand, AdvisingCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Write the list of a batch: a row for each clip.",
        usage: "8cut batch plan --method <name> --output <file> [<options>]",
        discussion: """
            Clips come from the library, from a folder of videos, from a dataset.json, or from a \
            table of cuts, whose clips are cut when their rows are worked on. Each row has the \
            number of frames, and what has to be the same on all machines, so that they make the \
            same masks.

            Examples:
              8cut batch plan --method saliency --output clips.jsonl
              8cut batch plan --folder videos --method depth --set steady -o clips.jsonl
              8cut batch plan --dataset clips/dataset.json --method sam -o sam.jsonl
              8cut batch plan --cuts cuts.csv --to clips --method saliency -o cuts.jsonl
              8cut batch plan --label dog --method depth --output -
            """
    )

    static let remedies = Remedies(
        output: "--output",
        settings: ["Choose a folder for the masks": "--to"]
    )

    @Option(
        help: ArgumentHelp("The method of all rows: saliency, depth or sam.", valueName: "name")
    )
    var method: BatchMethod

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The list to write; - for standard output.", valueName: "file"),
        completion: .file(extensions: ["jsonl"])
    )
    var output: String

    @OptionGroup(title: "Clips") var selection: BatchSelection

    @OptionGroup(title: "Masks") var masks: BatchMaskOptions

    @Flag(help: "Do not look into videos: rows whose number of frames is not known have none.")
    var noProbe = false

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    private var isPiped: Bool { output.isExactly("-") }

    func validate() throws {
        try output.checkedNotEmpty(named: "--output")
        if isPiped, progress.progress == .json {
            throw ValidationError("--progress json goes with a file for --output only.")
        }
        if selection.cuts.list != nil, masks.to == nil {
            throw ValidationError("Choose the folder for the clips of --cuts, with --to.")
        }
        try masks.check(method)
    }

    func run() async throws {
        let reporter = progress.makeReporter(isPiped ? .result : .progress)
        try await runJob(reporter: reporter) { reporter in
            let path = FilePath(output).absolute
            try reporter.report(
                .started(.init(job: "batch plan", input: selection.name, output: output))
            )
            let meter = ProgressMeter()
            let plan = try masks.plan(method, progress.log)
            if !isPiped { try BatchListFile.requireReplaceable(path) }
            var clips = try await selection.clips(progress.log)
            guard !clips.isEmpty else { throw selection.nothingFound }
            if !noProbe { try await countFrames(&clips, reporter) }
            try write(plan, clips, to: path)
            if !isPiped { try reporter.report(.artifact(.init(kind: "list", path: path.string))) }
            let frames = clips.reduce(0) { $0 + ($1.frames ?? 0) }
            return ProgressEvent.Finished(meter, frames: frames) { seconds in
                "\(clips.count) \(clips.count == 1 ? "row" : "rows") with \(frames) frames in "
                    + "\(seconds) s"
            }
        }
    }

    private func countFrames(
        _ clips: inout [ListedClip],
        _ reporter: any ProgressReporter
    ) async throws {
        let counts = FrameCounts(width: AvailableCores.count, reporter: reporter)
        let failures = try await counts.fill(&clips)
        for failure in failures.prefix(10) {
            try reporter.warn(
                "unreadableVideo",
                "\(quoted(failure.path.string)): \(failure.why). Its rows will fail."
            )
        }
        guard failures.count > 10 else { return }
        try reporter.warn("unreadableVideo", "\(failures.count - 10) more videos cannot be read.")
    }

    /// Writes the list whole: into a file, or when all rows are known to be good.
    private func write(_ plan: BatchPlan, _ clips: [ListedClip], to path: FilePath) throws {
        guard isPiped else {
            let folder = path.removingLastComponent().lexicallyNormalized()
            try BatchListFile.write(to: path) { add in
                try plan.forEachRow(clips, relativeTo: folder, add)
            }
            return
        }
        try plan.forEachRow(clips, relativeTo: nil) { _ in }
        try plan.forEachRow(clips, relativeTo: nil) { try writeOutput($0.json) }
    }
}

/// How the masks of all rows are made, and where they go.
struct BatchMaskOptions: ParsableArguments {
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "An option of 8cut masks METHOD for all rows, such as threshold=100, or steady for a "
                + "flag. Repeatable.",
            valueName: "name=value"
        )
    )
    var settings: [String] = []

    @Option(
        help: ArgumentHelp(
            "For sam: a prompts file for all clips, or a folder with CLIP.json for each.",
            valueName: "file"
        ),
        completion: .file(extensions: ["json"])
    )
    var prompts: String?

    @Option(
        help: ArgumentHelp(
            "Folder for the masks, and for the clips that are cut; or s3://BUCKET/PREFIX. "
                + "(default: VIDEO_masks beside each video)",
            valueName: "folder"
        ),
        completion: .directory
    )
    var to: String?

    func validate() throws {
        try prompts?.checkedNotEmpty(named: "--prompts")
        try to?.checkedNotEmpty(named: "--to")
    }

    /// Makes sure that the method has these settings.
    func check(_ method: BatchMethod) throws {
        if prompts != nil, method != .sam {
            throw ValidationError("--prompts is for --method sam.")
        }
        try PinnedMethod.check(try parsed(), of: method)
    }

    func plan(_ method: BatchMethod, _ log: Log) throws -> BatchPlan {
        let pinned = try PinnedMethod(
            method,
            try parsed(),
            hasPrompts: prompts != nil,
            log
        )
        return BatchPlan(
            method: method,
            settings: pinned.settings,
            pins: pinned.pins,
            prompts: try prompts.map(found),
            target: to.map { .folder(Self.absolute($0)) } ?? .besideVideos
        )
    }

    private static func absolute(_ target: String) -> String {
        target.hasPrefix(exactly: "s3://") ? target : FilePath(target).absolute.string
    }

    /// The prompts. A file that all rows share is read now, so that a mistake in it is known.
    private func found(_ text: String) throws -> BatchPlan.Prompts {
        let path = FilePath(text).absolute
        if FileStatus(following: path)?.kind == .folder { return .folder(path) }
        _ = try PromptList(file: path)
        return .file(path)
    }

    /// The settings by their names. A name without a value is a flag.
    private func parsed() throws -> [String: JSONScalar] {
        try settings.reduce(into: [:]) { all, text in
            let (name, value) = text.divided(atFirst: "=") ?? (text[...], "true")
            guard !name.isEmpty, !name.hasPrefix(exactly: "-"), all[String(name)] == nil else {
                throw ValidationError(
                    "--set \(text): write a name without dashes, = and a value, each name once."
                )
            }
            guard BatchRow.isSetting(String(name)) else {
                throw ValidationError("--set \(text): that is no setting of a method.")
            }
            all[String(name)] = Self.scalar(String(value), of: String(name))
        }
    }

    private static func scalar(_ text: String, of name: String) -> JSONScalar {
        // Paths: rows count from the list, and this from the current folder.
        if name.isExactly("mask") || name.isExactly("model") && text.contains(exactly: "/") {
            return .text(FilePath(text).absolute.lexicallyNormalized().string)
        }
        if text.isExactly("true") || text.isExactly("false") { return .flag(text == "true") }
        // What is written otherwise, such as 007, is kept as it is.
        if let number = Double(text), decimal(number).isExactly(text) { return .number(number) }
        return .text(text)
    }
}

extension BatchMethod: ExpressibleByArgument {}
