import ArgumentParser
import Files
import MaskStore
import Progress
import SystemPackage

/// `8cut measure`.
struct MeasureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Measure how steady masks are, and how far two sets of them agree.",
        discussion: """
            flicker: the part of the pixels whose mask changes for one frame only although the
            frame's content stays. successive IoU: intersection over union of successive
            masks, the mean. With --other also that of the two sets, mean and least.

            Examples:
              8cut measure --input clip.mp4 --masks clip_masks
              8cut measure --input clip.mp4 --masks steady --other clip_masks
            """
    )

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The video.", valueName: "video"),
        completion: .file()
    )
    var input: String

    @Option(help: ArgumentHelp("The folder of its masks.", valueName: "folder"))
    var masks: String

    @Option(help: ArgumentHelp("A folder of other masks of it.", valueName: "folder"))
    var other: String?

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws {
        for (name, value) in [("input", input), ("masks", masks), ("other", other ?? "-")]
        where value.isEmpty { throw ValidationError("--\(name) is empty.") }
    }

    func run() async throws {
        try await Job.run(progress) { reporter in
            let measurement = try MaskMeasurement(
                input: FilePath(input),
                masks: FilePath(masks),
                others: other.map { FilePath($0) }
            )
            let meter = ProgressMeter()
            let result = try await measurement.run(reporter)
            var lines = [
                "flicker \(digits(result.flicker))", "successive IoU \(digits(result.iou))",
            ]
            if let agreement = result.agreement {
                lines.append("IoU mean \(digits(agreement.mean)) least \(digits(agreement.least))")
            }
            for line in lines { try reporter.report(.output(.init(line: line))) }
            return ProgressEvent.Finished(
                frames: result.frames,
                seconds: (meter.elapsed * 10).rounded() / 10,
                exitStatus: 0,
                summary: "\(result.frames) masks measured"
            )
        }
    }

    private func digits(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
}
