import ArgumentParser
import ClipLibrary
import DatasetExport
import DatasetProfiles
import Diagnostics
import ObjectStore
import Processes
import Progress
import SystemPackage

/// `8cut dataset export`.
struct DatasetExportCommand: JobCommand, AdvisingCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write clips of the library as a data set.",
        usage: "8cut dataset export --profile <name> --to <folder> [<options>]",
        discussion: """
            Clips that fit the profile are linked, others are cut again from their video. A data \
            set appears as a whole. The same command goes on after an interruption, and later \
            changes only what has changed. If a clip would be rejected by the program that loads \
            the data set, nothing is written, all such clips are listed, and the exit status is 65.

            Examples:
              8cut dataset export --profile hf --to set --label "dog barking"
              8cut dataset export --profile mmaudio-16k --to set --split 90/5/5
              8cut dataset export --profile plain --to set --method sam --dry-run
              8cut dataset export --profile hf --to set --min-score 0.7
              8cut dataset export --profile hf --to set --verdict keep
              8cut dataset export --profile webdataset --to s3://bucket/sets/dogs
            """
    )

    static let remedies = Remedies(
        output: "--to",
        byCode: [
            .outputUnusable: "Choose a folder that you may write to, with --to.",
            .outputBusy: "Or choose another folder, with --to.",
        ],
        settings: ["Leave the rejected clips out": "--skip-rejected"]
    )

    @OptionGroup var profile: DatasetProfileOption

    @Option(
        help: ArgumentHelp(
            "Folder of the data set, or s3://BUCKET/PREFIX.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var to: String

    @OptionGroup(title: "Selection") var filter: ClipFilterOptions

    @OptionGroup(title: "Selection") var judged: JudgedClipOptions

    @OptionGroup(title: "Selection") var range: ClipRangeOptions

    @OptionGroup(title: "Clips") var shape: DatasetShapeOptions

    @OptionGroup(title: "Masks") var masks: DatasetMaskOptions

    @OptionGroup(title: "Splits") var split: DatasetSplitOptions

    @Flag(help: "Leave out clips that would be rejected.")
    var skipRejected = false

    @Flag(help: "Copy files, instead of giving them a second name (hard links).")
    var copy = false

    @Flag(help: "Print what becomes of every clip, and write nothing.")
    var dryRun = false

    @Flag(help: "With --dry-run: print a JSON object.")
    var json = false

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws {
        try to.checkedNotEmpty(named: "--to")
        if json, !dryRun { throw ValidationError("--json is for --dry-run.") }
        if StoreAddress.isAddress(to), try profile.value.layout.hasAbsolutePaths {
            throw ValidationError(
                "--to must be a folder: the tables of --profile \(try profile.value.name) have "
                    + "absolute paths of this machine."
            )
        }
        try masks.check(try profile.value, isCropped: shape.crop != nil)
        try shape.check(try profile.value)
    }

    func run() async throws {
        if dryRun {
            let (_, plan) = try await plan(WarningReporter(log: progress.log))
            try DatasetListing(plan).write(asJSON: json)
            guard plan.rejected.isEmpty || skipRejected else {
                throw ExitCode(ErrorCode.inputUnusable.exitStatus)
            }
            return
        }
        try await runJob { reporter in
            let upload = try upload { try? reporter.warn("objectStore", $0) }
            let folder = try self.folder
            let place = upload == nil ? folder.string : to
            try reporter.report(.started(.init(job: "dataset export", input: "", output: place)))
            let meter = ProgressMeter()
            let (run, plan) = try await plan(reporter)
            var count = try await run.write(plan)
            if let upload { count = try await upload.run(reporter) ? max(count, 1) : 0 }
            try reporter.report(.artifact(.init(kind: "data set", path: place)))
            return ProgressEvent.Finished(meter) { seconds in
                let clips = plan.summary.clips
                let set = "\(clips) \(clips == 1 ? "clip" : "clips"), \(plan.summary.hours) h"
                return count == 0 ? "\(set): nothing has changed" : "\(set) in \(seconds) s"
            }
        }
    }

    /// The upload to a store; nil for a folder of this machine.
    private func upload(note: @escaping @Sendable (String) -> Void) throws -> DatasetUpload? {
        guard StoreAddress.isAddress(to) else { return nil }
        let store = ObjectStore(try StoreSettings.ofProcess(), note: note)
        return DatasetUpload(try StoreAddress(to), in: store)
    }

    /// Where the data set is built.
    private var folder: FilePath {
        get throws {
            StoreAddress.isAddress(to)
                ? DatasetUpload.folder(for: try StoreAddress(to)) : LibraryPath.plain(FilePath(to))
        }
    }

    private func plan(
        _ reporter: any ProgressReporter
    ) async throws -> (DatasetExportRun, DatasetPlan) {
        let library = try await Library.openForReading()
        let clips = try await range.clips(
            judged.narrowed(filter.filter, masks.choice),
            in: library,
            progress.log
        )
        guard let library, !clips.isEmpty else {
            throw EightCutError(
                .inputMissing,
                "cannot find clips for the data set",
                because: "the library has none that match",
                remedy: "8cut library list prints the clips; it takes the same options."
            )
        }
        var request = DatasetRequest(
            profile: try profile.value,
            folder: try folder
        )
        request.split = try split.rule
        request.masks = masks.choice
        request.bucket = try shape.parsedBucket
        request.crop = try shape.parsedCrop
        (request.leastScore, request.verdict) = (judged.minScore, judged.verdict.filter)
        request.skipsRejected = skipRejected
        request.copies = copy
        let run = DatasetExportRun(
            request,
            library: library,
            width: AvailableCores.count,
            reporter: reporter
        )
        return (run, try await run.plan(clips))
    }
}

/// Which clips, by what is known of their masks.
struct JudgedClipOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Only clips whose masks have at least this score.", valueName: "score")
    )
    var minScore: Double?

    @OptionGroup var verdict: VerdictOption

    func validate() throws { try minScore?.checked(in: 0...1, named: "--min-score") }

    /// A filter that leaves out what the export would leave out, so that --limit counts the rest. Where
    /// certain masks are asked for, the latest ones do not decide.
    func narrowed(_ filter: ClipFilter, _ masks: MaskChoice) -> ClipFilter {
        guard masks.method == nil else { return filter }
        var filter = filter
        filter.leastScore = minScore
        filter.verdict = verdict.filter
        return filter
    }
}

/// What size clips have in a data set, and what they show.
struct DatasetShapeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "For ltx2 and ltx2-v2a: the exact size and frame count, such as 768x448x89. Clips are "
                + "cropped to that shape around their centre, and scaled.",
            valueName: "WxHxF"
        )
    )
    var bucket: String?

    @Option(
        help: ArgumentHelp(
            "Crop clips to the object of their masks, with a margin on each side as a part of the "
                + "object's sides: to one box for all frames, or to one that follows the object. "
                + "(default of the margin: \(DatasetCrop.usualMargin))",
            valueName: "object[:margin][:follow]"
        )
    )
    var crop: String?

    func validate() throws {
        _ = try parsedBucket
        _ = try parsedCrop
    }

    var parsedBucket: Bucket? {
        get throws {
            try bucket.map { text in
                guard let bucket = Bucket(text) else { throw Bucket.error(text) }
                return bucket
            }
        }
    }

    var parsedCrop: DatasetCrop? {
        get throws { try crop.map(DatasetCrop.init(option:)) }
    }

    /// Makes sure that the consumer takes buckets.
    func check(_ profile: DatasetProfile) throws {
        guard let bucket = try parsedBucket else { return }
        guard let rule = profile.clip, rule.takesBuckets else {
            throw ValidationError("--bucket is for --profile ltx2 and ltx2-v2a.")
        }
        guard let count = rule.exactFrameCount, bucket.frameCount != count else {
            return
        }
        throw ValidationError("--profile \(profile.name) needs a bucket of \(count) frames.")
    }
}

/// Which masks go into a data set.
struct DatasetMaskOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only masks of this method, such as sam. (default: the latest)",
            valueName: "name"
        )
    )
    var method: String?

    @Option(
        help: ArgumentHelp(
            "Only masks of the object with this number. (default: all objects)",
            valueName: "number"
        )
    )
    var object: Int?

    @Flag(help: "Leave the masks out.")
    var noMasks = false

    func validate() throws { try object?.checked(in: 1...255, named: "--object") }

    /// Makes sure that there is a use for masks.
    func check(_ profile: DatasetProfile, isCropped: Bool) throws {
        let options = [
            method.map { _ in "--method" }, object.map { _ in "--object" },
            noMasks ? "--no-masks" : nil,
        ].compactMap(\.self)
        if profile.masks == nil, !isCropped || noMasks, let option = options.first {
            throw ValidationError("--profile \(profile.name) has no masks: leave \(option) out.")
        }
        if noMasks, profile.masks?.isRequired == true {
            throw ValidationError("--profile \(profile.name) needs masks: leave --no-masks out.")
        }
        if noMasks, !isCropped, let option = options.first, options.count > 1 {
            throw ValidationError("\(option) is of no use with --no-masks.")
        }
    }

    var choice: MaskChoice {
        var choice = MaskChoice(method: method, object: object)
        choice.isNone = noMasks
        return choice
    }
}

/// How a data set is divided.
struct DatasetSplitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Shares of train, val and test, such as 90/5/5, or of train and val. All clips of a "
                + "video are in one of them.",
            valueName: "shares"
        )
    )
    var split: String?

    @Option(
        help: ArgumentHelp(
            "What decides where a video goes: its content (source, the default), or its place "
                + "among those of its label.",
            valueName: "source|label"
        )
    )
    var by: SplitRule.Key?

    func validate() throws {
        if by != nil, split == nil { throw ValidationError("--by is for --split.") }
        _ = try rule
    }

    /// Nil where it is not divided.
    var rule: SplitRule? {
        get throws {
            try split.map { text in
                guard let rule = SplitRule(text, by: by ?? .source) else {
                    throw ValidationError("--split must be shares such as 90/5/5, not \(text).")
                }
                return rule
            }
        }
    }
}

extension SplitRule.Key: ExpressibleByArgument {}

extension DatasetCrop {
    /// - Throws: `ValidationError` for a text that is no such crop.
    init(option text: String) throws {
        guard let crop = DatasetCrop(text) else {
            throw ValidationError(
                "--crop must be object, object:0.2 with a margin up to 10, or object:0.2:follow, "
                    + "not \(text)."
            )
        }
        self = crop
    }
}
