import ArgumentParser
import Files
import MaskStore
import Progress
import SystemPackage

/// `8cut measure`.
struct MeasureCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Measure the flicker of masks, and the agreement of two sets of masks.",
        usage: "8cut measure [<options>] --input <video> --masks <folder>",
        discussion: """
            flicker is the fraction of pixels whose mask changes for a single frame although the \
            video does not. successive IoU is the mean intersection over union of a mask and the \
            next one. With --other, also the mean and the least IoU of the two sets, and of how \
            many pairs. Black objects (--invert) count as objects. These figures alone are \
            written to standard output, also with --quiet.

            The exit status is 65 when a set has not one mask for each frame.

            Examples:
              8cut measure --input clip.mp4 --masks clip_masks
              8cut measure --input clip.mp4 --masks steady --other clip_masks
            """
    )

    static let outputUse = OutputUse.result

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The video, or a folder of images.", valueName: "video"),
        completion: .file()
    )
    var input: String

    @Option(help: ArgumentHelp("The folder of its masks.", valueName: "folder"))
    var masks: String

    @Option(help: ArgumentHelp("A second folder of masks of the same video.", valueName: "folder"))
    var other: String?

    @OptionGroup var video: VideoInputOptions

    @OptionGroup var progress: ProgressOptions

    func validate() throws {
        try input.checkedNotEmpty(named: "--input")
        try masks.checkedNotEmpty(named: "--masks")
        try other?.checkedNotEmpty(named: "--other")
    }

    func run() async throws {
        try await runJob { reporter in
            let measurement = try MaskMeasurement(
                input: FilePath(input),
                masks: FilePath(masks),
                others: other.map { FilePath($0) }
            )
            let meter = ProgressMeter()
            let reading = try video.reading(
                of: FilePath(input),
                like: measurement.videoOptions
            )
            let result = try await measurement.run(reading, reporter)
            for line in lines(result) { try reporter.report(.output(.init(line: line))) }
            if let error = MaskSetProblem.error(of: result.problems, done: measured(result) + ".") {
                throw error
            }
            return ProgressEvent.Finished(meter, frames: result.frames) { _ in
                measured(result)
            }
        }
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

    private func digits(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
}
