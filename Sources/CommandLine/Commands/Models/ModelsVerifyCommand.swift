import ArgumentParser
import Checkpoints
import Diagnostics
import Progress

/// `8cut models verify`.
struct ModelsVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read all of a checkpoint and compare sizes and hashes. Uses no network."
    )

    @OptionGroup var model: ModelOptions

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func run() async throws {
        let model = self.model
        try await Job.run(progress) { reporter in
            let meter = ProgressMeter()
            let (installed, settings) = try model.find()
            try reporter.report(
                .started(
                    .init(
                        job: "models verify",
                        input: installed.checkpoint.name,
                        output: settings.cache.string
                    )
                )
            )
            let result = try CheckpointVerification(installed, reporter: reporter).run()
            return ProgressEvent.Finished(
                frames: 0,
                seconds: (meter.elapsed * 10).rounded() / 10,
                exitStatus: 0,
                summary: "\(result.files) files, \(ByteCount.text(result.bytes)): "
                    + "all as the hub said"
            )
        }
    }
}
