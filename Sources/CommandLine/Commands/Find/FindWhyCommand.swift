import ArgumentParser
import ClipExport
import ClipFinding
import ClipLibrary
import Diagnostics
import Progress
import VideoScanning

/// `8cut find why`.
struct FindWhyCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Print all signals at one place, each beside its limit.",
        discussion: """
            Shows why a clip is offered there or not, and what to choose as a threshold: the frame, \
            the audio then, and the clip that would begin there.

            Examples:
              8cut find why video.mp4 --at 1:02:03
              8cut find why video.mp4 --at @300 --silence -35:0.9 --json
              8cut find why video.mp4 --at 90 --speech drop --model transnetv2
            """
    )

    static let outputUse = OutputUse.result

    @Argument(help: .scanned, completion: .file())
    var video: String

    @Option(
        help: ArgumentHelp(
            "The place: seconds, h:mm:ss.fff, h:mm:ss:frame or @frame.",
            valueName: "start"
        )
    )
    var at: String

    @Flag(help: "Print one JSON document.")
    var json = false

    @OptionGroup(title: "Limits") var limits: FindLimits

    @OptionGroup(title: "Models") var content: SoundContentOptions

    @OptionGroup(title: "Models") var shotModel: ShotModelOptions

    @OptionGroup(title: "Video") var scanning: ScanOptions

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws { _ = try place() }

    private func place() throws -> ClipStart {
        do {
            return try ClipStart(parsing: at)
        } catch {
            throw ValidationError(error.why + ".")
        }
    }

    func run() async throws {
        try SoundContentOptions.require(content.series)
        try await runJob { reporter in
            try reporter.report(.started(.init(job: "find why", input: video, output: "")))
            let meter = ProgressMeter()
            var scanned = try await scanning.scan(video, reporter)
            let frame = try frame(of: try place(), in: scanned)
            let shots = try await scanning.shots(
                of: &scanned,
                shotModel,
                hearing: content.series,
                progress.log,
                reporter
            )
            let library = try await Library.openForReading()
            let report = SignalReport(
                atFrame: frame,
                of: scanned,
                shots,
                limits.settings(content),
                taken: try await FindSoundsCommand.taken(scanned, library)
            )
            let lines =
                json ? [try JSONText.pretty(WhyDocument(report, of: scanned))] : Self.lines(report)
            for line in lines { try reporter.report(.output(.init(line: line, isData: json))) }
            return ProgressEvent.Finished(
                meter,
                frames: scanned.measures.frames.count,
                exitStatus: ScanOptions.exitStatus(scanned)
            ) { "\(scanned.measures.frames.count) frames in \($0) s" }
        }
    }

    private func frame(of place: ClipStart, in video: ScannedVideo) throws -> Int {
        let count = video.measures.frames.count
        let frame: Int
        switch place {
        case .frame(let number): frame = number
        case .time(let nanoseconds): frame = self.frame(at: Double(nanoseconds) / 1e9, in: video)
        case .timecode(let code):
            guard let nanoseconds = code.nanoseconds(at: video.note.frameRate) else {
                throw ValidationError("--at \(at): the video has no such frame in a second.")
            }
            frame = self.frame(at: Double(nanoseconds) / 1e9, in: video)
        }
        guard frame < count else {
            throw EightCutError(
                .usage,
                "cannot look at \(at) in",
                on: video.path.string,
                because: "it has \(count) frames and lasts "
                    + "\(FoundTime.clock(video.duration))",
                remedy: "Choose an earlier place, with --at."
            )
        }
        return frame
    }

    private func frame(at seconds: Double, in video: ScannedVideo) -> Int {
        seconds < video.duration ? video.frame(at: seconds) : .max
    }

    private static func lines(_ report: SignalReport) -> [String] {
        let shot = report.shot
        let head = [
            "frame @\(report.frame) at \(FoundTime.clock(report.time)), in a shot from "
                + "@\(shot.start) to @\(shot.end) that begins with a \(shot.kind.rawValue)"
        ]
        let rows = report.lines.map { line in
            [
                line.group, line.name, text(line.value, line.unit),
                line.limit.map { text($0, line.unit) } ?? "",
                line.isGood.map { $0 ? "" : "beyond" } ?? "",
            ]
        }
        let table = TextTable.lines([["of", "signal", "value", "limit", ""]] + rows)
            .split(exactly: "\n").map(String.init)
        let filters = report.filters.map(\.rawValue).joined(separator: ", ")
        return head + table + [
            filters.isEmpty
                ? "A clip that begins here passes all limits."
                : "A clip that begins here is dropped by: \(filters)."
        ]
    }

    private static func text(_ value: Double?, _ unit: String) -> String {
        guard let value else { return "?" }
        let number = value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : "\(value)"
        return unit.isEmpty ? number : number + " " + unit
    }
}

/// All signals at a place as JSON.
private struct WhyDocument: Encodable {
    let v = 1
    let input: String
    let frame: Int
    let time: Double
    let shot: ShotRecord
    let signals: [SignalReport.Line]
    let droppedBy: [String]

    init(_ report: SignalReport, of video: ScannedVideo) {
        input = video.path.string
        (frame, time) = (report.frame, report.time)
        shot = ShotRecord(report.shot, of: video)
        signals = report.lines
        droppedBy = report.filters.map(\.rawValue)
    }
}
