import ArgumentParser
import ClipFinding
import Diagnostics
import Files
import Progress
import SystemPackage
import VideoScanning

/// `8cut find shots`.
struct FindShotsCommand: JobCommand, AdvisingCommand {
    static let configuration = CommandConfiguration(
        commandName: "shots",
        abstract: "Find where shots begin: cuts, dissolves and fades.",
        usage: "8cut find shots [<options>] <video>",
        discussion: """
            A cut is a frame that differs from the one before much more than its neighbours do; \
            flashes and the motion of the camera are told from cuts. Frame numbers are those of \
            8cut export --start @300. The table of --output shots.csv can be cut with 8cut export \
            --list.

            Examples:
              8cut find shots video.mp4
              8cut find shots video.mp4 --json
              8cut find shots video.mp4 --output shots.csv
              8cut find shots video.mp4 --output shots.edl
              8cut find shots video.mp4 --model transnetv2
            """
    )

    static let outputUse = OutputUse.result
    static let remedies = Remedies(output: "--output")

    @Argument(help: .scanned, completion: .file())
    var video: String

    @Flag(help: "Print one JSON document.")
    var json = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write a table (.csv), an edit decision list (.edl), labels for Audacity (.txt) or JSON "
                + "(.json).",
            valueName: "file"
        ),
        completion: .file(extensions: ["csv", "edl", "txt", "json"])
    )
    var output: String?

    @OptionGroup var shotModel: ShotModelOptions

    @OptionGroup(title: "Video") var scanning: ScanOptions

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws { try output?.checkedNotEmpty(named: "--output") }

    func run() async throws {
        let file = try output.map { output in
            let path = FilePath(output)
            return (path, try FoundForm(of: path, among: ShotFile.forms))
        }
        try await runJob { reporter in
            try reporter.report(
                .started(.init(job: "find shots", input: video, output: output ?? ""))
            )
            let meter = ProgressMeter()
            var scanned = try await scanning.scan(video, reporter)
            let shots = try await scanning.shots(
                of: &scanned,
                shotModel,
                progress.log,
                reporter
            )
            let document = ShotDocument(shots, of: scanned)
            let frames = scanned.measures.frames.count
            if let (path, form) = file {
                try AtomicFile.write(try ShotFile.text(document, as: form), to: path)
                try reporter.report(.artifact(.init(kind: "shots", path: path.string)))
            }
            let count = "\(document.shots.count) found"
            let lines: [String]
            if json {
                lines = try [JSONText.pretty(document)]
            } else {
                lines = (file == nil ? Self.table(document) : []) + [count]
            }
            for line in lines { try reporter.report(.output(.init(line: line, isData: json))) }
            return ProgressEvent.Finished(
                meter,
                frames: frames,
                exitStatus: ScanOptions.exitStatus(scanned)
            ) { json ? count : "\(frames) frames in \($0) s" }
        }
    }

    private static func table(_ document: ShotDocument) -> [String] {
        let rows = document.shots.enumerated().map { index, shot in
            [
                "\(index + 1)", FoundTime.clock(shot.start), FoundTime.clock(shot.end),
                "@\(shot.startFrame)", shot.kind, "\(shot.score)",
            ]
        }
        return TextTable.lines([["shot", "start", "end", "frame", "kind", "score"]] + rows)
            .split(exactly: "\n").map(String.init)
    }
}
