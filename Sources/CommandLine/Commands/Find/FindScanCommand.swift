import ArgumentParser
import Diagnostics
import Progress
import ScanStore
import VideoScanning

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
            one is scanned again. A scan that was interrupted goes on where it was.

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
            var scanned: [ScannedVideo] = []
            var frames = 0
            for video in videos {
                var found = try await scanning.scan(video, reporter)
                _ = try await shotModel.shots(
                    of: &found,
                    try scanning.reading(found),
                    progress.log,
                    reporter
                )
                found = try await SoundContentOptions.add(
                    series,
                    to: found,
                    scanning,
                    progress.log,
                    reporter
                )
                frames += found.measures.frames.count
                // All that is needed of it is the note.
                scanned.append(
                    ScannedVideo(
                        path: found.path,
                        key: found.key,
                        note: found.note,
                        measures: .init()
                    )
                )
            }
            let count = scanned.count
            return ProgressEvent.Finished(
                meter,
                frames: frames,
                exitStatus: ScanOptions.exitStatus(scanned)
            ) { "\(count) \(count == 1 ? "video" : "videos") with \(frames) frames in \($0) s" }
        }
    }
}
