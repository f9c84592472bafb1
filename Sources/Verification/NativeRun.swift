import Diagnostics
import Files
import Jobs
import Masks
import Pictures
import Pixels
import SystemPackage

/// The native engine's run, in this process.
struct NativeRun {
    let clip: FilePath
    let output: FilePath

    /// Makes masks and depth maps.
    func run(
        _ model: CheckpointModel,
        onFrame: @escaping @Sendable (Int) throws -> Void
    ) async throws -> NativeResult {
        let clock = FrameClock()
        let run = MaskRun(
            input: clip,
            output: output,
            method: DepthMethod(DepthSettings(keepsDepth: true), model: model),
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

    func mask(_ frame: Int) throws -> GrayImage {
        try PNG.readGray(folder.appending(MaskName.of(frame: frame)))
    }

    /// The depth of a frame, to the precision of 16 bits, larger where it is nearer.
    func depth(_ frame: Int) throws -> [Float] {
        let picture = try PNG.readGray16(
            folder.appending("depth").appending(MaskName.of(frame: frame))
        )
        let scores = records[frame].scores ?? [:]
        let farthest = Float(scores["farthest"] ?? 0)
        let step = (Float(scores["nearest"] ?? 0) - farthest) / 65_535
        return picture.pixels.map { farthest + Float($0) * step }
    }
}

/// Takes a run's progress only.
private struct FrameReporter: JobReporter {
    let clock: FrameClock
    let onFrame: @Sendable (Int) throws -> Void

    func report(_ event: JobEvent) throws {
        guard case .progress(let progress) = event else { return }
        clock.note(progress.done)
        try onFrame(progress.done)
    }
}
