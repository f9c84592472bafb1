import ArgumentParser
import Checkpoints
import Files
import Progress

/// `8cut models download`.
struct ModelsDownloadCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "download",
        abstract: "Download a checkpoint, or resume a download.",
        usage: "8cut models download <name> [<options>]",
        discussion: """
            An interrupted download resumes when the same command is given again. A file appears \
            in the cache only after its hash has been verified.

            Examples:
              8cut models download depth-anything-v2-small
              8cut models download depth-anything-v2-large --accept-license
            """
    )

    @OptionGroup var model: CheckpointArgument

    @Flag(help: "Accept, once and for all, a licence that forbids commercial use.")
    var acceptLicense = false

    @OptionGroup var progress: ProgressOptions

    func run() async throws {
        let (model, acceptLicense) = (self.model, self.acceptLicense)
        try await runJob { reporter in
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
                        output: installed.place.string
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
            return ProgressEvent.Finished(meter) { seconds in
                result.wasThere
                    ? "\(installed.checkpoint.name) was there already"
                    : "downloaded \(installed.checkpoint.name) in \(seconds) s"
            }
        }
    }
}
