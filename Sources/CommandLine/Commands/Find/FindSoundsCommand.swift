import ArgumentParser
import ClipFinding
import ClipLibrary
import Diagnostics
import Files
import Progress
import SystemPackage
import VideoScanning

/// `8cut find sounds`.
struct FindSoundsCommand: JobCommand, AdvisingCommand {
    static let configuration = CommandConfiguration(
        commandName: "sounds",
        abstract: "Find clips that are worth keeping: in one shot, with sound, not still.",
        discussion: """
            The clips do not overlap, lie in one shot each, and pass all limits. Scores put them in \
            order and are no probabilities. Clips that the library has, or that were rejected in the \
            app, are not offered again. The last line says how many were found, or what missed the \
            limits by least. Of several videos, one that cannot be used is skipped with a warning, and \
            the exit status tells it.

            Examples:
              8cut find sounds video.mp4
              8cut find sounds video.mp4 --top 50 --output found.csv
              8cut find sounds *.mkv --silence -35:0.9 --json
              8cut find sounds video.mp4 --min-onsets 1 --dry-run
            """
    )

    static let outputUse = OutputUse.result
    static let remedies = Remedies(output: "--output")

    @Argument(help: .scanned, completion: .file())
    var videos: [String]

    @Flag(help: "Print one JSON document.")
    var json = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write a list for 8cut export --list (.csv) or 8cut batch plan --from (.jsonl), labels "
                + "for Audacity (.txt) or JSON (.json).",
            valueName: "file"
        ),
        completion: .file(extensions: ["csv", "jsonl", "txt", "json"])
    )
    var output: String?

    @Flag(help: "Print what share of each video every filter drops, and offer nothing.")
    var dryRun = false

    @Flag(help: "Offer also clips of the library and rejected ones, with a flag.")
    var again = false

    @Option(
        help: ArgumentHelp(
            "Name of the clips in the list. (default: the video's)",
            valueName: "name"
        )
    )
    var name: String?

    @Option(help: ArgumentHelp("Label of the sounds in the list.", valueName: "text"))
    var label: String?

    @OptionGroup(title: "Limits") var limits: FindLimits

    @OptionGroup(title: "Models") var content: SoundContentOptions

    @OptionGroup(title: "Models") var shotModel: ShotModelOptions

    @OptionGroup(title: "Video") var scanning: ScanOptions

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws {
        for (option, value) in [("--output", output), ("--name", name), ("--label", label)] {
            try value?.checkedNotEmpty(named: option)
        }
        if dryRun, output != nil || json {
            throw ValidationError("--dry-run offers nothing: leave --output and --json out.")
        }
        if let name { try ClipName.check(name) }
    }

    func run() async throws {
        let file = try output.map { output in
            let path = FilePath(output)
            return (path, try FoundForm(of: path, among: CandidateFile.forms))
        }
        try SoundContentOptions.require(content.series)
        try await runJob { reporter in
            try reporter.report(
                .started(.init(job: "find sounds", input: videos[0], output: output ?? ""))
            )
            let meter = ProgressMeter()
            var found = Found()
            let library = try await Library.openForReading()
            found.exitStatus = try await ScanOptions.each(videos, reporter) { video in
                try await find(in: video, library, &found, reporter)
            }
            found.rank(top: limits.top)
            if let (path, form) = file {
                try AtomicFile.write(try CandidateFile.text(found.candidates, as: form), to: path)
                try reporter.report(.artifact(.init(kind: "list", path: path.string)))
            }
            for line in try lines(found, writesFile: file != nil) {
                try reporter.report(.output(.init(line: line, isData: json)))
            }
            let summary = found.summary
            return ProgressEvent.Finished(
                meter,
                frames: found.frames,
                exitStatus: found.exitStatus
            ) { json ? summary : "\(found.frames) frames in \($0) s" }
        }
    }

    private func find(
        in text: String,
        _ library: Library?,
        _ found: inout Found,
        _ reporter: any ProgressReporter
    ) async throws -> Int32 {
        var video = try await scanning.scan(text, reporter)
        found.frames += video.measures.frames.count
        guard video.measures.sound != nil else {
            throw EightCutError(
                .inputUnusable,
                "cannot find sounds in",
                on: video.path.string,
                because: "it has no audio",
                remedy: "8cut find shots finds its shots."
            )
        }
        let taken = try await Self.taken(video, library)
        let settings = limits.settings(content)
        let shots = try await scanning.shots(
            of: &video,
            shotModel,
            hearing: content.series,
            progress.log,
            reporter
        )
        let search = ClipSearch(
            video,
            shots,
            settings,
            taken: taken,
            offersTaken: again
        )
        let result = search.run()
        let summary = FoundSummary(result, in: video, settings)
        if dryRun {
            found.tables.append(Self.table(of: summary, video, result))
        }
        found.summaries.append((text, summary.text))
        guard !dryRun else {
            found.count += result.candidates.count
            return ScanOptions.exitStatus(video)
        }
        found.surplus += result.surplus
        found.candidates += result.candidates.map { candidate in
            var record = CandidateRecord(candidate, of: video)
            record.name = name ?? Self.name(of: video)
            record.label = label
            return record
        }
        return ScanOptions.exitStatus(video)
    }

    /// The video's name, where clips can have it.
    private static func name(of video: ScannedVideo) -> String {
        guard let stem = video.path.stem, (try? ClipName.check(stem)) != nil else { return "clip" }
        return stem
    }

    /// Where the library has clips of the video, and where a person has rejected some.
    static func taken(
        _ video: ScannedVideo,
        _ library: Library?
    ) async throws -> [ClipSearch.Taken] {
        let verdicts = try FoundVerdictStore(.current, video.key).read()
        return try await verdicts.taken(.reject) + exported(video, library)
    }

    private static func exported(
        _ video: ScannedVideo,
        _ library: Library?
    ) async throws -> [ClipSearch.Taken] {
        try await (library?.clips(of: video.key.fingerprint) ?? []).map { clip in
            ClipSearch.Taken(
                start: Double(clip.start) / 1e9,
                duration: clip.duration,
                .exported
            )
        }
    }

    /// What was found in all videos.
    private struct Found: Sendable {
        var candidates: [CandidateRecord] = []
        /// How many were found and why not more, with the name of the video.
        var summaries: [(video: String, text: String)] = []
        /// How many would be offered, where nothing is.
        var count = 0
        var tables: [[[String]]] = []
        var surplus = 0
        var frames = 0
        var exitStatus: Int32 = 0

        /// Puts the candidates of several videos into one order.
        mutating func rank(top: Int?) {
            guard summaries.count > 1 else { return }
            candidates.sort { ($1.score, $0.input, $0.start) < ($0.score, $1.input, $1.start) }
            if let top, candidates.count > top {
                surplus += candidates.count - top
                candidates.removeLast(candidates.count - top)
            }
            for index in candidates.indices { candidates[index].rank = index + 1 }
        }

        var summary: String {
            if summaries.count == 1 { return summaries[0].text }
            return "\(candidates.count + count) found in \(summaries.count) videos"
                + (surplus > 0 ? ", \(surplus) more left out" : "")
        }

        /// What is said of each of several videos where nothing was found in any.
        var explanations: [String] {
            guard summaries.count > 1, candidates.isEmpty, count == 0 else { return [] }
            return summaries.map { "\($0.video): \($0.text)" }
        }
    }

    /// Rows of the table that people see without asking for more.
    private static let mostRows = 20

    private func lines(_ found: Found, writesFile: Bool) throws -> [String] {
        if json { return [try JSONText.pretty(CandidateDocument(found.candidates))] }
        if dryRun {
            return found.tables.flatMap { Self.lines($0) + [""] } + found.explanations
                + [found.summary]
        }
        var lines: [String] = []
        if !writesFile, !found.candidates.isEmpty {
            let shown = found.candidates.prefix(Self.mostRows)
            lines = Self.lines([Self.heading(videos.count)] + shown.map { row($0) })
            let more = found.candidates.count - shown.count
            if more > 0 { lines.append("… and \(more) more (--output or --json lists all)") }
        }
        return lines + found.explanations + [found.summary]
    }

    private static func lines(_ rows: [[String]]) -> [String] {
        TextTable.lines(rows).split(exactly: "\n").map(String.init)
    }

    private static func heading(_ videos: Int) -> [String] {
        ["rank", "start", "frame", "score", "level", "onsets", "flags"]
            + (videos > 1 ? ["video"] : [])
    }

    private func row(_ candidate: CandidateRecord) -> [String] {
        func value(_ name: String) -> Double? {
            candidate.reasons.first { $0.name == name }?.value
        }
        return [
            "\(candidate.rank)", FoundTime.clock(candidate.start), "@\(candidate.startFrame)",
            "\(candidate.score)",
            value("level").map { "\(Int($0.rounded())) dBFS" } ?? "",
            value("onsets").map { "\(Int($0))" } ?? "",
            candidate.flags.joined(separator: " "),
        ] + (videos.count > 1 ? [candidate.input] : [])
    }

    private static func table(
        of summary: FoundSummary,
        _ video: ScannedVideo,
        _ result: ClipSearch.Result
    ) -> [[String]] {
        func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
        return [["filter", "drops", "in \(video.path.lastComponent?.string ?? "")"]]
            + summary.dropped.map { [$0.filter, percent($0.share)] }
            + [["left", percent(summary.passed)]]
    }
}
