import ArgumentParser
import ClipExport
import ClipLibrary
import ClipReview
import Diagnostics
import FoundationEssentials
import MaskStore
import Media
import Previews
import Progress
import SystemPackage

/// `8cut library show`.
struct LibraryShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print the record of a clip: its settings and its masks.",
        discussion: """
            The strip of scores has one bar for each part of the clip: the lowest score in it.

            Examples:
              8cut library show 12
              8cut library show clips/dog_001.mp4 --json
              8cut library show 12 --strip worst.png
            """
    )

    @Argument(help: .clip)
    var clip: ClipReference

    @Flag(help: "Print a JSON object.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Write the frames with the lowest scores to this PNG file, with their masks.",
            valueName: "file"
        ),
        completion: .file(extensions: ["png"])
    )
    var strip: String?

    @Flag(help: "Replace the file of --strip.")
    var overwrite = false

    /// What is shown.
    private struct Details: Encodable {
        let clip: ClipRow
        let settings: CutSettings?
        let masks: [LibraryMasks]
        /// The last word on the latest masks, whose, when, and what the masks are known by.
        let verdict: Verdict?
        let reviewer: String?
        let time: Double?
        let masksDigest: String?
        /// All verdicts, also on earlier masks.
        let verdicts: [ClipVerdict]
        /// The frames with the lowest scores, the worst first.
        let worstFrames: [Int]
    }

    func validate() throws {
        try strip?.checkedNotEmpty(named: "--strip")
        if let strip, FilePath(strip).extension?.lowercased() != "png" {
            throw ValidationError("--strip must be a PNG file.")
        }
        if overwrite, strip == nil { throw ValidationError("--overwrite is for --strip.") }
    }

    /// Frames that are named, or shown on the strip.
    private static let worstCount = 8
    private static let stripColumns = 4

    func run() async throws {
        let library = try await Library.openForReading()
        let clip = try await self.clip.clip(in: library)
        if let library, !library.isReadOnly { try await CurrentMasks(library).refresh([clip]) }
        let review = try await library?.reviews(of: [clip.id])[clip.id]
        let manifest = review?.masks.flatMap {
            (try? MaskManifest(foundIn: FilePath($0.path))) ?? nil
        }
        let records = manifest?.frames ?? []
        let scores = FrameScores(of: records, count: records.count)
        let worst = scores.worst(Self.worstCount)
        let details = Details(
            clip: ClipRow(clip, review: review),
            settings: try? JSONDecoder().decode(CutSettings.self, from: Data(clip.settings.utf8)),
            masks: try await library?.masks(of: clip.id) ?? [],
            verdict: review?.verdict?.verdict,
            reviewer: review?.verdict?.reviewer,
            time: review?.verdict?.time,
            masksDigest: review?.masks?.digest,
            verdicts: try await library?.verdicts(of: clip.id) ?? [],
            worstFrames: worst
        )
        if let strip { try await write(worst, to: FilePath(strip), of: clip, review?.masks) }
        if json {
            try Listing.write(json: details)
        } else {
            try Listing.write(Self.lines(details, ScoreBars.text(scores)))
        }
    }

    private func write(
        _ frames: [Int],
        to strip: FilePath,
        of clip: LibraryClip,
        _ masks: LibraryMasks?
    ) async throws {
        guard let masks, !frames.isEmpty else {
            throw EightCutError(
                .inputMissing,
                "cannot write the strip of",
                on: clip.path,
                because: masks == nil ? "the clip has no masks" : "its masks have no scores",
                remedy: "Make them with 8cut masks saliency --clip \(clip.id) --overwrite."
            )
        }
        let (input, folder) = (FilePath(clip.path), FilePath(masks.path))
        let output = try PreviewOutput(
            strip,
            inputs: [input],
            masks: folder,
            overwrites: overwrite
        )
        let preview = try Preview(
            input: input,
            masks: folder,
            output: output,
            columns: Self.stripColumns,
            frames: frames,
            reporter: WarningReporter(log: Log(level: .normal))
        )
        let stream = try await VideoProbe.stream(of: input, preview.videoOptions)
        let problem = try await preview.make(stream).problem
        if let error = MaskSetProblem.error(of: problem.map { [$0] } ?? [], done: "") {
            throw error
        }
    }

    private static func lines(_ details: Details, _ bars: String?) -> String {
        let clip = details.clip
        var rows = [
            ["clip:", visible(clip.path)], ["label:", visible(clip.label ?? "-")],
            ["category:", visible(clip.category ?? "-")], ["video:", visible(clip.source)],
            ["start:", ClipStart.clock(nanoseconds: Int(clip.start * 1e6) * 1000)],
            ["length:", "\(clip.frames) frames at \(clip.frameRate) fps, \(clip.duration) s"],
            ["size:", "\(clip.width)x\(clip.height)"],
        ]
        if let rate = clip.sampleRate, let samples = clip.samples {
            rows.append(["audio:", "\(samples) samples at \(rate) Hz"])
        }
        if let settings = details.settings {
            rows.append([
                "settings:",
                "encoder \(settings.encoder.rawValue), crf \(settings.crf), "
                    + "preset \(settings.effort)"
                    + (settings.profile.map { ", profile \($0)" } ?? ""),
            ])
        }
        for masks in details.masks {
            let details = [
                masks.method, "\(masks.frameCount)", masks.confidence.map { "confidence \($0)" },
                masks.score.map { "score \($0)" },
                masks.isStale ? "of an earlier cut" : nil,
            ]
            let text = details.compactMap(\.self).joined(separator: ", ")
            rows.append(["masks:", "\(visible(masks.path)) (\(text))"])
        }
        if let bars { rows.append(["scores:", bars]) }
        if !details.worstFrames.isEmpty {
            let frames = details.worstFrames.map(String.init).joined(separator: ", ")
            rows.append(["worst frames:", frames])
        }
        if let verdict = details.verdict, let reviewer = details.reviewer {
            rows.append(["verdict:", "\(verdict.rawValue), by \(visible(reviewer))"])
        }
        return TextTable.lines(rows)
    }
}

/// Scores of frames as a line of bars.
enum ScoreBars {
    private static let bars = Array("▁▂▃▄▅▆▇█")
    private static let mostBars = 60

    /// One bar for each part of a clip, of the lowest score in it.
    ///
    /// - Returns: nil where no frame has a score.
    static func text(_ scores: FrameScores) -> String? {
        guard scores.values.contains(where: { $0 != nil }) else { return nil }
        return String(
            scores.lowest(of: min(scores.values.count, mostBars)).map { least in
                least.map { bars[min(Int($0 * Double(bars.count)), bars.count - 1)] } ?? " "
            }
        )
    }
}
