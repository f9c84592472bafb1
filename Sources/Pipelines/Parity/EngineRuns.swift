import Diagnostics
import MaskPipeline
import MaskStore
import Methods
import Progress
import Synchronization
import SystemPackage

/// The native engine's run, in this process.
struct NativeRun {
    let clip: ProbedVideo
    let output: FilePath

    /// Makes masks and what the method produces besides.
    func run(
        _ method: any MaskMethod,
        onFrame: @escaping @Sendable (Int) throws -> Void
    ) async throws -> NativeResult {
        let clock = FrameClock()
        let run = MaskRun(
            clip,
            output: output,
            method: method,
            inverts: false,
            replaces: false,
            reporter: FrameReporter(clock: clock, onFrame: onFrame)
        )
        _ = try await run.run()
        let manifest = try MaskManifest(
            readingFrom: output.appending(MaskManifest.fileName)
        )
        return NativeResult(
            folder: output,
            records: manifest.frames,
            timing: clock.timing(peakMemory: PeakMemory.ofProgram)
        )
    }
}

/// What the native engine has made.
struct NativeResult {
    let folder: FilePath
    let records: [FrameRecord]
    let timing: EngineTiming

    var frames: Int { records.count }
}

/// Takes the progress of a run only.
private struct FrameReporter: ProgressReporter {
    let clock: FrameClock
    let onFrame: @Sendable (Int) throws -> Void

    func report(_ event: ProgressEvent) throws {
        guard case .progress(let progress) = event else { return }
        clock.note(progress.done)
        try onFrame(progress.done)
    }
}

/// What the reference has made.
struct ReferenceResult {
    let folder: FilePath
    let frames: Int
    let timing: EngineTiming

    /// Runs the reference's script on a clip, after the native engine.
    ///
    /// - Parameters:
    ///   - command: the script, with the arguments of its own kind.
    ///   - clip: the video.
    ///   - model: the checkpoint's folder.
    ///   - folder: where it runs, and writes to.
    ///   - reporter: receives the progress.
    ///   - nativeFrames: how many frames the native engine has done.
    ///   - total: how many frames both do.
    /// - Throws: `EightCutError` when the script fails; `CancellationError`; what the reporter throws.
    init(
        of command: [String],
        on clip: FilePath,
        model: FilePath,
        in folder: ReferenceFolder,
        _ reporter: any ProgressReporter,
        after nativeFrames: Int,
        total: Int
    ) async throws {
        let output = folder.path.appending("reference")
        let arguments = [
            "--input", clip.string, "--output", output.string, "--model", model.string,
            "--timings",
        ]
        let clock = FrameClock()
        let counts = Mutex((frames: 0, peakMemory: 0))
        let end = try await ReferenceRun(in: folder).run(command + arguments) { report in
            switch report {
            case .frame(let count):
                clock.note(count)
                counts.withLock { $0.frames = count }
                try reporter.report(.progress(.init(done: nativeFrames + count, total: total)))
            case .peakMemory(let bytes): counts.withLock { $0.peakMemory = bytes }
            }
        }
        guard end.status == 0 else {
            throw EightCutError(
                .toolFailed,
                "cannot run the reference script",
                because: end.lines.suffix(3).joined(separator: " | "),
                remedy: "Are its packages whole? 8cut tools install --reference --reinstall"
            )
        }
        self.folder = output
        frames = counts.withLock { $0.frames }
        timing = clock.timing(peakMemory: counts.withLock { $0.peakMemory })
    }
}

/// What an engine took.
package struct EngineTiming: Sendable, Equatable, Codable {
    /// Seconds from its start until the first mask was there.
    package let secondsToFirstMask: Double
    /// Seconds from mask to mask after that; with one frame, the same as to the first.
    package let secondsPerFrame: Double
    /// The most memory that it had in use, in bytes, with the parts of files that it had mapped.
    package let peakMemory: Int
}

/// Notes when frames are done.
final class FrameClock: Sendable {
    private struct Marks {
        var first: (count: Int, time: ContinuousClock.Instant)?
        var last: (count: Int, time: ContinuousClock.Instant)?
    }

    private let start = ContinuousClock.now
    private let marks = Mutex(Marks())

    /// So many frames are done by now.
    func note(_ count: Int) {
        marks.withLock { marks in
            let mark = (count, ContinuousClock.now)
            marks.first = marks.first ?? mark
            marks.last = mark
        }
    }

    func timing(peakMemory: Int) -> EngineTiming {
        marks.withLock { marks in
            guard let first = marks.first, let last = marks.last else {
                return EngineTiming(secondsToFirstMask: 0, secondsPerFrame: 0, peakMemory: 0)
            }
            let toFirst = start.duration(to: first.time) / .seconds(1)
            let others = last.count - first.count
            let rest = first.time.duration(to: last.time) / .seconds(1)
            return EngineTiming(
                secondsToFirstMask: toFirst,
                secondsPerFrame: others > 0 ? rest / Double(others) : toFirst,
                peakMemory: peakMemory
            )
        }
    }
}
