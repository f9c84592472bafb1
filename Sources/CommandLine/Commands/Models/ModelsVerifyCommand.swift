import ArgumentParser
import Checkpoints
import Diagnostics
import Progress

/// `8cut models verify`.
struct ModelsVerifyCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify the sizes and hashes of a checkpoint, without network access.",
        discussion: """
            Examples:
              8cut models verify sam2.1-hiera-tiny
            """
    )

    @OptionGroup var model: CheckpointArgument

    static let outputUse = OutputUse.result

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func run() async throws {
        let model = self.model
        try await runJob { reporter in
            let meter = ProgressMeter()
            let (installed, _) = try model.find()
            try reporter.report(
                .started(
                    .init(
                        job: "models verify",
                        input: installed.checkpoint.name,
                        output: installed.place.string
                    )
                )
            )
            let result = try CheckpointVerification(installed, reporter: reporter).run()
            let summary =
                "\(result.files) \(result.files == 1 ? "file" : "files"), "
                + "\(ByteCount.text(result.bytes)): all match the published sizes and hashes"
            try reporter.report(.output(.init(line: summary)))
            return ProgressEvent.Finished(meter) { _ in summary }
        }
    }
}
