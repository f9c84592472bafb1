import ArgumentParser
import Diagnostics
import Files
import MaskStore
import Media
import Methods
import Progress
import Prompts
import Saliency
import SoundMotion
import SystemPackage

/// `8cut detect`.
struct DetectCommand: AdvisingCommand, JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect",
        abstract: "Find an object: what moves or stands out, or what a text names.",
        usage: "8cut detect <options>",
        discussion: """
            Lists objects, best first: the frame on which each is seen best, a point inside, a \
            box around it, and a score from 0 to 1. Nothing else is written to standard output. \
            A score below \(ObjectCandidate.reliableScore) is probably not right. The exit status \
            is 7 when nothing is found. Without --text no checkpoint is needed.

            With --sound, the one whose motion follows the onsets of the audio comes first; where \
            that is unsure, the order stays.

            --text looks for things by their names, with OWLv2. It needs the ML tools and a \
            checkpoint: run 8cut tools install, then 8cut models download owlv2-base. Nobody has \
            tried it on real weights yet, and its threshold is a guess.

            Examples:
              8cut detect --input clip.mp4
              8cut detect --input clip.mp4 --json
              8cut detect --input clip.mp4 --sound
              8cut detect -i clip.mp4 --output prompts.json --preview sheet.png
              8cut masks sam -i clip.mp4 --prompts prompts.json
              8cut detect -i clip.mp4 --text "dog barking" --json
              8cut detect -i clip.mp4 --text dog --text "tennis ball#2" --count 3
            """
    )

    static let outputUse = OutputUse.result

    static let remedies = Remedies(
        output: "--output or --preview",
        settings: [
            "allow it to be replaced": "--overwrite", "a lower threshold": "--text-threshold",
        ],
        resumes: false
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

    @OptionGroup var texts: TextOptions

    @OptionGroup var runtime: RuntimeOptions

    @OptionGroup var video: VideoInputOptions

    @OptionGroup var progress: ProgressOptions

    /// Objects that are listed at most, unless more are asked for.
    static let listed = 5

    func validate() throws {
        try input.checkedNotEmpty(named: "--input")
        try output?.checkedNotEmpty(named: "--output")
        if !texts.isUsed, let option = (texts.details + runtime.given).first {
            throw ValidationError("\(option) goes with --text only.")
        }
        let texts = self.texts.text.count + (self.texts.ownLabel ? 1 : 0)
        if sound, texts > 1 || self.texts.frames != nil {
            throw ValidationError("--sound compares objects of one text, without --frames.")
        }
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
            let found =
                try await texts.isUsed
                ? findTexts(in: input, stream, reporter) : findMoving(in: input, stream, reporter)
            for line in try DetectionReport(found.list, stream.frameRate).lines(asJSON: json) {
                try reporter.report(.output(.init(line: line)))
            }
            if let warning = found.warning { try reporter.report(.warning(warning)) }
            try await files.write(found.prompts, found.list, stream, reporter)
            let number = counted(found.list.count, "object")
            return ProgressEvent.Finished(meter, frames: found.frameCount) {
                "\(number) found in \($0) s"
            }
        }
    }

    /// What was found.
    struct Found: Sendable {
        /// Best first.
        let list: [WithSound<ListedObject>]
        let prompts: PromptList
        /// How many frames were looked at.
        let frameCount: Int
        var warning: ProgressEvent.Warning?
    }

    /// Looks for what moves or stands out.
    private func findMoving(
        in input: FilePath,
        _ stream: VideoStream,
        _ reporter: any ProgressReporter
    ) async throws -> Found {
        let found = try await ObjectSearch(input, stream).run(reporter: reporter)
        let count = texts.count.moving
        let candidates = found.candidates(max(count, Self.listed))
        if candidates.isEmpty { throw FoundObjects.nothing(in: input) }
        let listed = try await compared(candidates, stream, reporter) { found.boxes(of: $0) }
        return Found(
            list: listed.map { WithSound(item: ListedObject($0.item), sound: $0.sound) },
            prompts: try PromptList(listed.prefix(count).map(\.item), sameObject: false),
            frameCount: found.frameCount,
            warning: listed.first?.item.warning
        )
    }

    /// Looks for what the texts name.
    private func findTexts(
        in input: FilePath,
        _ stream: VideoStream,
        _ reporter: any ProgressReporter
    ) async throws -> Found {
        var list = PromptList()
        try texts.add(to: &list, .beside(input))
        _ = try texts.searched(list)
        let models = LoadedModels()
        let model = try await runtime.checkpoint(
            texts.textModel,
            of: DetectorModels.self,
            progress.log,
            models
        )
        guard let settings = try texts.search(list, on: model) else {
            throw EightCutError.internalFault(because: "there are no texts")
        }
        let meter = ProgressMeter()
        let search = try TextSearch(settings, model, models: models) { _, done, total in
            let progress = meter.progress(done: done, total: total, totalIsEstimate: true)
            try reporter.report(.progress(progress))
        }
        let found = try await search.run(in: input, stream)
        if let error = found.nothingFound(in: input) { throw error }
        let things = settings.frames.isExhaustive ? found.all : found.listed(atLeast: Self.listed)
        let listed = try await compared(things, stream, reporter) { found.boxes(of: $0) }
        // The first object is the one that sounds.
        let numbered = zip(listed, things).map { listed, thing in
            sound ? listed.item.renumbered(thing.object) : listed.item
        }
        let objects = sound ? Array(numbered.prefix(settings.count.limit)) : found.objects
        return Found(
            list: zip(numbered, listed).map { WithSound(item: ListedObject($0), sound: $1.sound) },
            prompts: try PromptList(objects),
            frameCount: found.frames.count
        )
    }

    /// The objects, and with `--sound` their figures, with the one first that moves with the audio.
    /// `boxes` says where an object is, by frame.
    private func compared<Item>(
        _ items: [Item],
        _ stream: VideoStream,
        _ reporter: any ProgressReporter,
        _ boxes: (Item) -> [Int: [Double]]
    ) async throws -> [WithSound<Item>] {
        guard sound else { return items.map { WithSound(item: $0, sound: nil) } }
        let comparison = try await AudioComparison(FilePath(input).absolute, stream).run(
            items.map(boxes)
        )
        let doubt =
            stream.audioIndex == nil
            ? "Which object moves with the audio is unsure: the video has none." : comparison.doubt
        try reporter.warn("unsureSound", doubt)
        var listed = zip(items, SoundFigures.of(comparison)).map { WithSound(item: $0, sound: $1) }
        if let best = comparison.best { listed.insert(listed.remove(at: best), at: 0) }
        return listed
    }
}
