import ArgumentParser
import Diagnostics
import Files
import MaskStore
import Media
import Methods
import Previews
import Progress
import Prompts
import Saliency
import SystemPackage

/// `8cut detect`.
struct DetectCommand: AdvisingCommand, JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect",
        abstract: "Find the object that moves or stands out; needs no checkpoint.",
        usage: "8cut detect <options>",
        discussion: """
            Lists objects, best first: the frame on which each is seen best, a point inside, a \
            box around it, and a score from 0 to 1. Nothing else is written to standard output. \
            A score below \(ObjectCandidate.reliableScore) is probably not right. The exit status \
            is 7 when nothing moves by itself or stands out.

            Examples:
              8cut detect --input clip.mp4
              8cut detect --input clip.mp4 --json
              8cut detect -i clip.mp4 --output prompts.json --preview sheet.png
              8cut masks sam -i clip.mp4 --prompts prompts.json
            """
    )

    static let outputUse = OutputUse.result

    static let remedies = Remedies(
        output: "--output or --preview",
        settings: ["allow it to be replaced": "--overwrite"]
    )

    @Option(name: .shortAndLong, help: .video, completion: .file())
    var input: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Also write the best object as prompts for 8cut masks sam.",
            valueName: "file"
        ),
        completion: .file(extensions: ["json"])
    )
    var output: String?

    @Option(
        help: ArgumentHelp(
            "How many objects to write as prompts, numbered from the best; fewer if there are no "
                + "more.",
            valueName: "number"
        )
    )
    var count = 1

    @Option(
        help: ArgumentHelp(
            "Also write a contact sheet (.png) of the objects on their frames.",
            valueName: "file"
        ),
        completion: .file(extensions: ["png"])
    )
    var preview: String?

    @Flag(help: "Print a JSON document instead of a table.")
    var json = false

    @Flag(help: "Replace files that exist.")
    var overwrite = false

    @OptionGroup var video: VideoInputOptions

    @OptionGroup var progress: ProgressOptions

    /// Objects that are listed at most, unless more are asked for.
    private static let listed = 5

    func validate() throws {
        try input.checkedNotEmpty(named: "--input")
        try output?.checkedNotEmpty(named: "--output")
        try count.checked(in: Prompt.objects, named: "--count")
        if let preview, FilePath(preview).extension?.lowercased() != "png" {
            throw ValidationError("--preview \(preview) is no name of a .png file.")
        }
    }

    func run() async throws {
        try await runJob { reporter in
            let meter = ProgressMeter()
            let input = FilePath(self.input).absolute
            let files = try DetectFiles(self, input)
            try files.check()
            try reporter.report(
                .started(
                    .init(
                        job: "detect",
                        input: input.string,
                        output: files.prompts?.path.string ?? ""
                    )
                )
            )
            let stream = try await VideoProbe.stream(of: input, try video.reading(of: input))
            try reporter.warn("streamChoice", stream.choiceNote)
            let found = try await ObjectSearch(input, stream).run(reporter: reporter)
            let candidates = found.candidates(max(count, Self.listed))
            guard let best = candidates.first else { throw FoundObjects.nothing(in: input) }
            for line in try DetectionReport(candidates, stream.frameRate).lines(asJSON: json) {
                try reporter.report(.output(.init(line: line)))
            }
            if let warning = best.warning { try reporter.report(.warning(warning)) }
            try await files.write(candidates, count, stream, reporter)
            let number = counted(candidates.count, "object")
            return ProgressEvent.Finished(meter, frames: found.frameCount) {
                "\(number) found in \($0) s"
            }
        }
    }
}

/// What is written besides the list.
private struct DetectFiles: Sendable {
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

    func write(
        _ candidates: [ObjectCandidate],
        _ count: Int,
        _ stream: VideoStream,
        _ reporter: any ProgressReporter
    ) async throws {
        if let prompts {
            try prompts.write(PromptList(Array(candidates.prefix(count)), sameObject: false))
            try reporter.report(.artifact(.init(kind: "prompts", path: prompts.path.string)))
        }
        guard let preview else { return }
        let marks = candidates.map {
            MarkedObject(frame: $0.frame, point: $0.point, box: $0.box, score: $0.score)
        }
        try await CandidateSheet(of: marks, in: input, stream, output: preview).make()
        try reporter.report(.artifact(.init(kind: "preview", path: preview.path.string)))
    }
}

/// The list of objects on standard output.
private struct DetectionReport {
    private let candidates: [ObjectCandidate]
    private let frameRate: Rational?

    init(_ candidates: [ObjectCandidate], _ frameRate: Rational?) {
        self.candidates = candidates
        self.frameRate = frameRate
    }

    func lines(asJSON: Bool) throws -> [String] {
        asJSON ? try document : table
    }

    /// One JSON document, an object to a line.
    private var document: [String] {
        get throws {
            let objects = try candidates.enumerated().map { index, candidate in
                try JSONText.line(candidate) + (index + 1 < candidates.count ? "," : "")
            }
            return ["{\"v\": 1, \"candidates\": ["] + objects + ["]}"]
        }
    }

    private var table: [String] {
        let rows = candidates.map { candidate in
            [
                "\(candidate.frame)", time(of: candidate.frame),
                text(candidate.point), text(candidate.box), "\(candidate.score)",
            ]
        }
        let lines = TextTable.lines([["frame", "time", "point", "box", "score"]] + rows)
        return lines.split(exactly: "\n").map(String.init)
    }

    private func time(of frame: Int) -> String {
        guard let rate = frameRate?.value, rate > 0 else { return "-" }
        return "\((Double(frame) / rate * 1000).rounded() / 1000)"
    }

    private func text(_ numbers: [Double]) -> String {
        numbers.map { "\(Int($0))" }.joined(separator: ",")
    }
}
