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
import SoundMotion
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

            With --sound, the one whose motion follows the onsets of the audio comes first; where \
            that is unsure, the order stays.

            Examples:
              8cut detect --input clip.mp4
              8cut detect --input clip.mp4 --json
              8cut detect --input clip.mp4 --sound
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

    @Flag(
        help: ArgumentHelp(
            "Compare the motion of each object with the audio: correlation, lag in frames, "
                + "chance (p), and whether it is the one that sounds."
        )
    )
    var sound = false

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
            if sound { try AudioComparison(input, stream).check() }
            let found = try await ObjectSearch(input, stream).run(reporter: reporter)
            let candidates = found.candidates(max(count, Self.listed))
            if candidates.isEmpty { throw FoundObjects.nothing(in: input) }
            let listed = try await listed(candidates, found, stream, reporter)
            for line in try DetectionReport(listed, stream.frameRate).lines(asJSON: json) {
                try reporter.report(.output(.init(line: line)))
            }
            if let warning = listed.first?.item.warning {
                try reporter.report(.warning(warning))
            }
            try await files.write(listed.map(\.item), count, stream, reporter)
            let number = counted(candidates.count, "object")
            return ProgressEvent.Finished(meter, frames: found.frameCount) {
                "\(number) found in \($0) s"
            }
        }
    }

    /// The candidates, and with `--sound` their figures, with the one first that moves with the
    /// audio.
    private func listed(
        _ candidates: [ObjectCandidate],
        _ found: FoundObjects,
        _ stream: VideoStream,
        _ reporter: any ProgressReporter
    ) async throws -> [WithSound<ObjectCandidate>] {
        guard sound else { return candidates.map { WithSound(item: $0, sound: nil) } }
        let comparison = try await AudioComparison(FilePath(input).absolute, stream).run(
            candidates.map { found.boxes(of: $0) }
        )
        try reporter.warn("unsureSound", comparison.doubt)
        var listed = zip(candidates, SoundFigures.of(comparison)).map {
            WithSound(item: $0, sound: $1)
        }
        if let best = comparison.best { listed.insert(listed.remove(at: best), at: 0) }
        return listed
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
    private let candidates: [WithSound<ObjectCandidate>]
    private let frameRate: Rational?

    init(_ candidates: [WithSound<ObjectCandidate>], _ frameRate: Rational?) {
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
        let rows = candidates.map { listed in
            let candidate = listed.item
            return [
                "\(candidate.frame)", time(of: candidate.frame),
                text(candidate.point), text(candidate.box), "\(candidate.score)",
            ] + (listed.sound?.cells ?? [])
        }
        let sound = candidates.first?.sound == nil ? [] : SoundFigures.titles
        let lines = TextTable.lines([["frame", "time", "point", "box", "score"] + sound] + rows)
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
