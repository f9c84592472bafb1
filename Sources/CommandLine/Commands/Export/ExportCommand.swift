import ArgumentParser
import ClipExport
import ClipLibrary
import Diagnostics
import FoundationEssentials
import Glibc
import Progress
import SystemPackage

/// `8cut export`.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Cut clips out of a video, exact to the picture and the sample.",
        discussion: """
            Writes FOLDER/NAME_001.mp4; the number goes on from what is there. The first picture
            is the one that the video shows at the start, and the sound begins with it. A start is
            a time in seconds (12.5), a clock (1:02:03.456) or the number of a picture (@300).

            Examples:
              8cut export --input film.mp4 --start 1:02:03 --to clips --name dog
              8cut export -i film.mp4 -s @300 --to clips --name dog --profile ltx2
              8cut export -i film.mp4 -s 10 --to clips --name dog --count 8
              8cut export --list cuts.csv --to clips
            """
    )

    @OptionGroup(title: "What") var selection: ExportSelection

    @OptionGroup(title: "How") var settings: ExportSettings

    @Option(
        help: ArgumentHelp("Clips that are cut side by side, at most.", valueName: "count")
    )
    var jobs: Int?

    @Flag(help: "Print ffmpeg's command lines for a shell, and write nothing.")
    var dryRun = false

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws {
        try selection.validate()
        try settings.validate()
        if let jobs, !(1...256).contains(jobs) {
            throw ValidationError("--jobs must be between 1 and 256, not \(jobs).")
        }
    }

    func run() async throws {
        if dryRun {
            let library = try await selection.replace == nil ? nil : Library.openExisting()
            let run = try await makeRun(WarningReporter(log: progress.log), library)
            for line in try await run.commands() {
                guard writeLine(line, to: STDOUT_FILENO) else { throw ExitCode(128 + SIGPIPE) }
            }
            return
        }
        try await Job.run(progress) { reporter in
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
            let clips: [ExportedClip]
            do {
                clips = try await run.run(library)
            } catch let error as EightCutError {
                throw advised(error)
            }
            let seconds = (meter.elapsed * 10).rounded() / 10
            return ProgressEvent.Finished(
                frames: clips.reduce(0) { $0 + $1.result.plan.frameCount },
                seconds: seconds,
                exitStatus: 0,
                summary: "\(clips.count) \(clips.count == 1 ? "clip" : "clips") in \(seconds) s"
            )
        }
    }

    /// Names the options that help when the folder of the clips cannot be written to.
    private func advised(_ error: EightCutError) -> EightCutError {
        guard error.code == .outputUnusable, let folder = selection.folderPath?.string,
            error.subject?.hasPrefix(folder) == true
        else { return error }
        return error.advising(
            "Choose a folder that you may write to with --to, or another name with --name."
        )
    }

    private func makeRun(_ reporter: any ProgressReporter, _ library: Library?) async throws
        -> ExportRun
    {
        let width = jobs ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) / 2)
        if let id = selection.replace {
            let clip = try await LibraryLookup.clip(id, in: library)
            let known =
                (try? JSONDecoder().decode(CutSettings.self, from: Data(clip.settings.utf8)))
                ?? CutSettings()
            return ExportRun(
                [selection.request(again: clip, try settings.cut(known))],
                to: FilePath(clip.path).removingLastComponent(),
                replacing: clip,
                width: width,
                reporter: reporter
            )
        }
        guard let folder = selection.folderPath else { throw ValidationError("--to is missing.") }
        return ExportRun(
            try selection.requests(try settings.cut()),
            to: folder,
            width: width,
            reporter: reporter
        )
    }
}
