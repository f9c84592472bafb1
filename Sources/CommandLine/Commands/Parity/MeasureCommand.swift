import ArgumentParser
import Files
import MaskStore
import Progress
import SystemPackage

/// `8cut measure`.
struct MeasureCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract:
            "Measure the flicker of masks, and their agreement with others or with true ones.",
        usage: """
            8cut measure [<options>] --input <video> --masks <folder>
            or: 8cut measure [<options>] --masks <folder> --truth <folder>
            """,
        discussion: """
            flicker is the fraction of pixels whose mask changes for a single frame although the \
            video does not. successive IoU is the mean intersection over union of a mask and the \
            next one. With --other, also the mean and the least IoU of the two sets, and of how \
            many pairs. Black objects (--invert) count as objects. These figures alone are \
            written to standard output, also with --quiet.

            With --truth, the figures of the benchmark DAVIS: J is the IoU with the true mask, F \
            the agreement of the contours, each with its mean over the frames, its recall (the \
            part of the frames above 0.5) and its decay from the first quarter to the last. The \
            folders have files such as 00000.png or frame_0000.png, as many in both.

            The exit status is 65 when a set has not one mask for each frame.

            Examples:
              8cut measure --input clip.mp4 --masks clip_masks
              8cut measure --input clip.mp4 --masks steady --other clip_masks
              8cut measure --masks clip_masks --truth annotations --json
              8cut measure --masks clip_masks --truth annotations --official
            """
    )

    static let outputUse = OutputUse.result

    @Option(name: .shortAndLong, help: .video, completion: .file())
    var input: String?

    @Option(help: ArgumentHelp("The folder of its masks.", valueName: "folder"))
    var masks: String

    @Option(help: ArgumentHelp("A second folder of masks of the same video.", valueName: "folder"))
    var other: String?

    @Option(
        help: ArgumentHelp(
            "A folder of the true masks, instead of --input: reports J and F.",
            valueName: "folder"
        )
    )
    var truth: String?

    @Flag(help: "With --truth: leave out the first and the last frame, as published figures do.")
    var official = false

    @Flag(help: "With --truth: print one JSON document.")
    var json = false

    @OptionGroup var video: VideoInputOptions

    @OptionGroup var progress: ProgressOptions

    func validate() throws {
        try input?.checkedNotEmpty(named: "--input")
        try masks.checkedNotEmpty(named: "--masks")
        try other?.checkedNotEmpty(named: "--other")
        try truth?.checkedNotEmpty(named: "--truth")
        if truth != nil {
            let excluded =
                [("--input", input != nil), ("--other", other != nil)].filter(\.1).map(\.0)
                + video.given
            guard let first = excluded.first else { return }
            throw ValidationError("--truth compares masks with masks: leave \(first) out.")
        }
        guard input != nil else {
            throw ValidationError("Give --input, or --truth to compare with true masks.")
        }
        for (option, isGiven) in [("--official", official), ("--json", json)] where isGiven {
            throw ValidationError("\(option) is for --truth.")
        }
    }

    func run() async throws {
        try await runJob { reporter in
            if let truth { return try await compare(with: FilePath(truth), reporter) }
            return try await measure(FilePath(input ?? ""), reporter)
        }
    }

    private func write(_ lines: [String], _ reporter: any ProgressReporter) throws {
        for line in lines { try reporter.report(.output(.init(line: line))) }
    }

    /// Figures are given to six digits.
    private func digits(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
}

// MARK: - With the video

extension MeasureCommand {
    private func measure(
        _ input: FilePath,
        _ reporter: any ProgressReporter
    ) async throws -> ProgressEvent.Finished {
        let measurement = try MaskMeasurement(
            input: input,
            masks: FilePath(masks),
            others: other.map { FilePath($0) }
        )
        let meter = ProgressMeter()
        let reading = try video.reading(of: input, like: measurement.videoOptions)
        let result = try await measurement.run(reading, reporter)
        try write(lines(result), reporter)
        if let error = MaskSetProblem.error(of: result.problems, done: measured(result) + ".") {
            throw error
        }
        return ProgressEvent.Finished(meter, frames: result.frames) { _ in measured(result) }
    }

    private func lines(_ result: MaskMeasurement.Result) -> [String] {
        var lines = [
            "flicker \(digits(result.flicker))", "successive IoU \(digits(result.iou))",
        ]
        if let agreement = result.agreement {
            lines += [
                "IoU mean \(digits(agreement.mean)) least \(digits(agreement.least))",
                "pairs \(agreement.pairs)",
            ]
        }
        return lines
    }

    private func measured(_ result: MaskMeasurement.Result) -> String {
        let pairs = other == nil ? "" : ", \(counted(result.agreement?.pairs ?? 0, "pair"))"
        return counted(result.frames, "mask") + " measured" + pairs
    }
}

// MARK: - With true masks

extension MeasureCommand {
    /// What `--json` prints.
    private struct Document: Encodable {
        let region: Figures
        let contour: Figures

        private enum CodingKeys: String, CodingKey {
            case region = "J"
            case contour = "F"
        }
    }

    private struct Figures: Encodable {
        let mean: Double
        let recall: Double
        let decay: Double

        var text: String { "mean \(mean) recall \(recall) decay \(decay)" }
    }

    private func compare(
        with truth: FilePath,
        _ reporter: any ProgressReporter
    ) async throws -> ProgressEvent.Finished {
        let meter = ProgressMeter()
        let comparison = try TruthComparison(
            masks: FilePath(masks),
            truth: truth,
            isOfficial: official
        )
        let result = try await comparison.run(reporter)
        let (region, contour) = (figures(result.region), figures(result.contour))
        try write(
            json
                ? [JSONText.line(Document(region: region, contour: contour))]
                : ["J \(region.text)", "F \(contour.text)"],
            reporter
        )
        return ProgressEvent.Finished(meter, frames: result.frames) { _ in
            counted(result.frames, "mask") + " compared with the truth"
        }
    }

    private func figures(_ statistics: SequenceStatistics) -> Figures {
        Figures(
            mean: digits(statistics.mean),
            recall: digits(statistics.recall),
            decay: digits(statistics.decay)
        )
    }
}
