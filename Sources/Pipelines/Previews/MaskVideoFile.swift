import Files
import Imaging
import MaskStore
import Media
import Progress
import SystemPackage

/// The masks of a folder as a video for programs: grey, without loss, with one frame for each mask,
/// constant frame rate and the masks' own size and polarity.
package struct MaskVideoFile: Sendable {
    private let masks: FilePath
    private let output: PreviewOutput
    private let reporter: any ProgressReporter

    /// - Parameters:
    ///   - masks: the folder of the masks.
    ///   - output: where it goes: a video.
    ///   - reporter: receives the progress.
    package init(masks: FilePath, output: PreviewOutput, reporter: any ProgressReporter) {
        self.masks = masks
        self.output = output
        self.reporter = reporter
    }

    /// Writes the video.
    ///
    /// - Parameters:
    ///   - stream: the video stream that the masks were made for.
    ///   - frameCount: how many frames it has.
    ///   - frameRate: frames per second. A video whose rate varies has as many frames at its
    ///     average rate, so that frame and mask still belong together by their number.
    /// - Returns: what is wrong with the masks; frames without one show no object.
    /// - Throws: `EightCutError` when all masks cannot be read, or the video cannot be written;
    ///   `CancellationError`.
    package func make(
        _ stream: VideoStream,
        frameCount: Int,
        frameRate: Rational
    ) async throws -> MaskSetProblem? {
        try output.check()
        guard case .video(let container) = output.form else { return nil }
        let masks = try MaskReader(FoundMasks(masks), like: stream)
        let writer = VideoWriter(
            grayTo: output.path,
            container: container,
            width: stream.width,
            height: stream.height,
            pixelAspect: stream.properties.pixelAspect,
            frameRate: frameRate
        )
        let progress = FrameProgress(total: frameCount, reporter: reporter)
        return try await output.write { file in
            try await writer.write(into: file) { sink in
                var masks = masks
                for frame in 0..<frameCount {
                    try Task.checkCancellation()
                    try await sink.add(masks.file(of: frame) ?? masks.background)
                    try progress.report(done: frame + 1, isLast: frame + 1 == frameCount)
                }
                return masks.problem(frameCount: frameCount)
            }
        }
    }
}
