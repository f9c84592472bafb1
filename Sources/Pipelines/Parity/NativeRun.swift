import MaskPipeline
import MaskStore
import Progress
import SystemPackage

/// The native engine's run, in this process.
struct NativeRun {
    let clip: FilePath
    let output: FilePath

    /// Makes masks and what the method gives besides.
    func run(
        _ method: any MaskMethod,
        onFrame: @escaping @Sendable (Int) throws -> Void
    ) async throws -> NativeResult {
        let clock = FrameClock()
        let run = MaskRun(
            input: clip,
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

/// Takes a run's progress only.
private struct FrameReporter: ProgressReporter {
    let clock: FrameClock
    let onFrame: @Sendable (Int) throws -> Void

    func report(_ event: ProgressEvent) throws {
        guard case .progress(let progress) = event else { return }
        clock.note(progress.done)
        try onFrame(progress.done)
    }
}
