import ArgumentParser
import Diagnostics
import Progress
import ScanStore

/// `8cut find scan`.
struct FindScanCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Measure videos, so that shots and clips can be found in them at once.",
        usage: "8cut find scan [<options>] <video> ...",
        discussion: """
            The other commands scan a video that was not scanned; this one does it beforehand, for \
            several. What is measured is kept in $XDG_CACHE_HOME/8cut/find (about 7 MB for an hour) \
            and is known by what the video contains: a renamed or copied video keeps it, a changed \
            one is scanned again. A scan that was interrupted goes on where it was. Of several videos, \
            one that cannot be used is skipped with a warning, and the exit status tells it.

            Examples:
              8cut find scan video.mp4
              8cut find scan *.mkv
            """
    )

    @Argument(help: .scanned, completion: .file())
    var videos: [String]

    @Flag(help: "Find speech as well, with silero-vad.")
    var speech = false

    @Flag(help: "Find music and singing as well, with fireredvad-aed.")
    var music = false

    @OptionGroup var shotModel: ShotModelOptions

    @OptionGroup(title: "Video") var scanning: ScanOptions

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func run() async throws {
        let series = Set((speech ? [ScanSeries.speech] : []) + (music ? [.music] : []))
        try SoundContentOptions.require(series)
        try await runJob { reporter in
            try reporter.report(
                .started(.init(job: "find scan", input: videos.first ?? "", output: ""))
            )
            let meter = ProgressMeter()
            var (count, frames) = (0, 0)
            let status = try await ScanOptions.each(videos, reporter) { text in
                var video = try await scanning.scan(text, reporter)
                _ = try await scanning.shots(
                    of: &video,
                    shotModel,
                    hearing: series,
                    progress.log,
                    reporter
                )
                count += 1
                frames += video.measures.frames.count
                return ScanOptions.exitStatus(video)
            }
            let summary = "\(count) \(count == 1 ? "video" : "videos") with \(frames) frames"
            return ProgressEvent.Finished(meter, frames: frames, exitStatus: status) {
                "\(summary) in \($0) s"
            }
        }
    }
}
