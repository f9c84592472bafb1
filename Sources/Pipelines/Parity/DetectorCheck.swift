import Detection
import Diagnostics
import Files
import MLTools
import MaskStore
import Media
import Methods
import Progress
import SystemPackage
import Weights

/// Compares the native detector with the reference implementation, on the first frames of a video.
package struct DetectorCheck: Sendable {
    private let input: FilePath
    private let options: VideoOptions
    private let frameCount: Int
    private let texts: [SearchedText]
    private let model: CheckpointModel
    private let home: EightCutHome
    private let program: FilePath

    /// - Parameters:
    ///   - input: the video.
    ///   - options: how it is read.
    ///   - frames: how many of its frames, at most.
    ///   - texts: what is looked for, at least one.
    ///   - model: the detector's checkpoint, and what runs it natively.
    ///   - home: the folder with the environment that the reference runs in.
    ///   - program: `8cut`, beside which the scripts of the reference are.
    package init(
        input: FilePath,
        _ options: VideoOptions = VideoOptions(),
        frames: Int,
        texts: [SearchedText],
        model: CheckpointModel,
        home: EightCutHome = .current,
        program: FilePath = ToolsStatus.runningProgram
    ) {
        self.input = input.absolute
        self.options = options
        frameCount = frames
        self.texts = texts
        self.model = model
        self.home = home
        self.program = program
    }

    /// Runs both engines, one after the other, and compares all boxes that they propose.
    ///
    /// - Parameter reporter: receives the progress: first all frames of the one, then all of the
    ///   other.
    /// - Returns: how far they agree.
    /// - Throws: `EightCutError` when one of them cannot be run; `CancellationError`.
    package func run(_ reporter: any ProgressReporter) async throws -> DetectorReport {
        _ = try model.readable(texts)
        let command = try ReferenceScript.command(.text, home: home, program: program)
        let stream = try await VideoProbe.stream(of: input, options)
        let folder = try ReferenceFolder(in: home)
        defer { folder.remove() }
        try reporter.report(
            .started(.init(job: "verify", input: input.string, output: folder.path.string))
        )
        try reporter.warn("streamChoice", stream.choiceNote)
        let clip = try await FirstFrames(of: input, stream, count: frameCount)
            .extract(to: folder.path)
        let (native, timing) = try await runNative(clip, reporter)
        let groups = folder.path.appending("texts.json")
        try AtomicFile.write(JSONText.line(texts.flatMap(\.groups)), to: groups)
        let reference = try await ReferenceResult(
            of: command + ["--texts", groups.string],
            on: clip,
            model: model.folder,
            in: folder,
            reporter,
            after: native.count,
            total: frameCount * 2
        )
        guard reference.frames == native.count else {
            throw EightCutError(
                .toolFailed,
                "cannot compare the engines",
                on: input.string,
                because: "the reference looks at \(reference.frames) of "
                    + counted(native.count, "frame")
            )
        }
        let queries = texts.flatMap(\.queries).map(\.text)
        let side = max(stream.width, stream.height)
        return DetectorReport(
            model: model.name,
            precision: model.precision.rawValue,
            device: "\(model.session.device)",
            limits: model.precision == .float32 ? .float32 : .others,
            queries: queries,
            frames: try native.enumerated().map { frame, detections in
                let expected = try Self.detections(on: frame, reference, queries.count)
                guard expected.count == detections.count, !detections.isEmpty else {
                    throw FloatFile.unequal("boxes", frame)
                }
                return DetectorFrame(frame, detections, expected, queries, side: Float(side))
            },
            native: timing,
            reference: reference.timing
        )
    }

    private func runNative(
        _ clip: FilePath,
        _ reporter: any ProgressReporter
    ) async throws -> ([[Detection]], EngineTiming) {
        let clock = FrameClock()
        let detector = try await LoadedModels().detector(model)
        let queries = try await detector.queries(texts.flatMap(\.groups))
        let stream = try await VideoProbe.stream(of: clip, FirstFrames.options)
        let decoder = VideoDecoder(path: clip, stream: stream, format: .rgb24)
        let total = 2 * frameCount
        let found = try await decoder.withFrames { reader in
            var found: [[Detection]] = []
            while let frame = try await reader.next() {
                found.append(try await detector.detections(in: frame, of: queries))
                clock.note(found.count)
                try reporter.report(.progress(.init(done: found.count, total: total)))
            }
            return found
        }.result
        return (found, clock.timing(peakMemory: PeakMemory.ofProgram))
    }

    /// What the reference proposes: a row of the file for each box, of its corners, its objectness
    /// and its logits.
    private static func detections(
        on frame: Int,
        _ reference: ReferenceResult,
        _ queries: Int
    ) throws -> [Detection] {
        let values = try FloatFile.read(reference.folder.appending(FloatFile.name(of: frame)))
        let length = 5 + queries
        guard values.count.isMultiple(of: length) else { throw FloatFile.unequal("boxes", frame) }
        return stride(from: 0, to: values.count, by: length).map { start in
            Detection(
                box: DetectionBox(
                    x0: values[start],
                    y0: values[start + 1],
                    x1: values[start + 2],
                    y1: values[start + 3]
                ),
                logits: Array(values[start + 5..<start + length]),
                objectness: values[start + 4]
            )
        }
    }
}
