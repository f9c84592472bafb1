import ArgumentParser
import ClipExport
import ClipLibrary
import DatasetExport
import Diagnostics
import FoundationEssentials
import Processes
import Progress
import SystemPackage

/// `8cut export`.
struct ExportCommand: JobCommand, AdvisingCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Cut clips from a video, exact to the frame and the audio sample.",
        discussion: """
            Writes FOLDER/NAME_001.mp4, and continues the numbers that are there. The first frame \
            is the one that the video shows at the start time; the audio begins with it. A start \
            is a time in seconds (12.5), a time code (1:02:03.456) or a frame number (@300).

            Examples:
              8cut export --input video.mp4 --start 1:02:03 --to clips --name dog
              8cut export -i video.mp4 -s @300 --to clips --name dog --profile ltx2
              8cut export -i video.mp4 -s 10 --to clips --name dog --count 8
              8cut export --list cuts.csv --to clips
              8cut export --replace 12 --start 62.5
            """
    )

    static let remedies = Remedies(
        output: "--to",
        byCode: [
            .outputUnusable: "Choose a folder that you may write to, with --to.",
            .outputBusy: "Or choose another folder, with --to.",
            .toolFailed: "--dry-run prints ffmpeg's command line.",
        ],
        settings: [
            "frame rate": "--fps", "short side": "--short-side", "another crop": "--crop",
            "a shorter clip": "--allow-short", "audio stream": "--audio-stream",
        ]
    )

    @OptionGroup(title: "Selection") var selection: ExportSelection

    @OptionGroup var settings: ExportSettings

    @Option(
        help: ArgumentHelp(
            "Clips that are exported in parallel. (default: half of the CPU's cores)",
            valueName: "count"
        )
    )
    var jobs: Int?

    @Flag(help: "Print ffmpeg's command lines for a shell, and write nothing.")
    var dryRun = false

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws {
        try jobs?.checked(in: 1...256, named: "--jobs")
        if try settings.clip.objectCrop != nil, selection.count > 1 {
            throw ValidationError("--crop object is for one clip: leave --count out.")
        }
    }

    func run() async throws {
        if dryRun {
            let needsLibrary = try selection.replace != nil || settings.clip.objectCrop != nil
            let library = try await needsLibrary ? Library.openExisting() : nil
            let run = try await makeRun(WarningReporter(log: progress.log), library)
            for line in try await run.commands() { try Listing.write(line) }
            return
        }
        try await runJob { reporter in
            let library = try await Library.open()
            let run = try await makeRun(reporter, library)
            try reporter.report(
                .started(
                    .init(
                        job: "export",
                        input: selection.list ?? selection.inputPath?.string ?? "",
                        output: selection.folderPath?.string ?? ""
                    )
                )
            )
            let meter = ProgressMeter()
            let clips = try await run.run(library)
            let isDamaged = clips.contains { $0.result.damage != nil }
            return ProgressEvent.Finished(
                meter,
                frames: clips.reduce(0) { $0 + $1.result.plan.frameCount },
                exitStatus: isDamaged ? ErrorCode.inputDamaged.exitStatus : 0
            ) { "\(clips.count) \(clips.count == 1 ? "clip" : "clips") in \($0) s" }
        }
    }

    private func makeRun(_ reporter: any ProgressReporter, _ library: Library?) async throws
        -> ExportRun
    {
        let width = jobs ?? max(1, AvailableCores.count / 2)
        if let id = selection.replace {
            try await library?.settleFolders()
            let clip = try await LibraryLookup.clip(id, in: library)
            let known =
                (try? JSONDecoder().decode(CutSettings.self, from: Data(clip.settings.utf8)))
                ?? CutSettings()
            if known.path != nil, settings.clip.crop == nil,
                selection.start != nil || selection.input != nil
            {
                throw ValidationError(
                    "Clip \(id) follows an object: choose another crop as well, with --crop."
                )
            }
            let request = selection.request(again: clip, try settings.cut(known))
            return ExportRun(
                try await cropped([request], library),
                to: FilePath(clip.path).removingLastComponent(),
                replacing: clip,
                width: width,
                reporter: reporter
            )
        }
        guard let folder = selection.folderPath else { throw ValidationError("--to is missing.") }
        let (requests, notes) = try selection.requests(try settings.cut())
        for note in notes { try reporter.warn("list", note) }
        return ExportRun(
            try await cropped(requests, library),
            to: folder,
            width: width,
            reporter: reporter
        )
    }

    /// The requests, with what `--crop object` makes of each.
    private func cropped(
        _ requests: [ExportRequest],
        _ library: Library?
    ) async throws -> [ExportRequest] {
        guard let crop = try settings.clip.objectCrop else { return requests }
        let objects = ObjectCrop(crop, library: library)
        var cropped = requests
        for index in cropped.indices {
            cropped[index].settings = try await objects.settings(of: cropped[index])
        }
        return cropped
    }
}
