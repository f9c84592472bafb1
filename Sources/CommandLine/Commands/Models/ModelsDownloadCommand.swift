import ArgumentParser
import Checkpoints
import Files
import Progress

/// `8cut models download`.
struct ModelsDownloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "download",
        abstract: "Download a checkpoint, or go on with a download.",
        discussion: """
            What has come is kept through Ctrl-C, a kill or a lost connection: the same
            command goes on from there. Every file's hash is checked before it appears.

            Examples:
              8cut models download depth-anything-v2-small
              8cut models download depth-anything-v2-large --accept-license
            """
    )

    @OptionGroup var model: ModelOptions

    @Flag(help: "Say yes, once and for all, to a licence that forbids commercial use.")
    var acceptLicense = false

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func run() async throws {
        let (model, acceptLicense) = (self.model, self.acceptLicense)
        try await Job.run(progress) { reporter in
            let meter = ProgressMeter()
            let (installed, settings) = try model.find()
            if acceptLicense {
                try AcceptedLicences(installed.home).accept(installed.checkpoint)
            }
            try reporter.report(
                .started(
                    .init(
                        job: "models download",
                        input: installed.checkpoint.repository,
                        output: settings.cache.string
                    )
                )
            )
            let result = try await CheckpointDownload(
                installed,
                settings: settings,
                reporter: reporter,
                note: { note in
                    // An event and not a line of the log: a bar must be cleared first.
                    try? reporter.report(.warning(.init(code: "download", message: note)))
                }
            ).run()
            try reporter.report(
                .artifact(.init(kind: "checkpoint", path: result.folder.string))
            )
            let seconds = (meter.elapsed * 10).rounded() / 10
            return ProgressEvent.Finished(
                frames: 0,
                seconds: seconds,
                exitStatus: 0,
                summary: result.wasThere
                    ? "\(installed.checkpoint.name) was there already"
                    : "downloaded \(installed.checkpoint.name) in \(seconds) s"
            )
        }
    }
}
