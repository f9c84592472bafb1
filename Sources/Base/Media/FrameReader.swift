import Diagnostics
import Imaging
import Processes
import SystemPackage

/// The frames of a video in presentation order, one after the other.
///
/// While one frame is worked on, the next one is read and ffmpeg decodes those after it: that is
/// all that is kept, however long the video is.
package final class FrameReader {
    private let pipe: FramePipe
    private let format: PixelFormat
    private let width: Int
    private let height: Int
    private let first: Int
    private let path: FilePath
    private let child: RunningChild
    private var times: AsyncStream<Double?>.Iterator
    private var ahead: Task<FramePipe.Frame, any Error>

    /// How many frames have been given out.
    package private(set) var count = 0
    /// Time of the last frame that was given out.
    private(set) var lastTime: Double?
    /// Whether the pipe ended inside a picture.
    private(set) var isCutShort = false

    init(
        pipe: FramePipe,
        times: AsyncStream<Double?>,
        format: PixelFormat,
        width: Int,
        height: Int,
        first: Int,
        path: FilePath,
        child: RunningChild
    ) {
        self.pipe = pipe
        self.times = times.makeAsyncIterator()
        self.format = format
        self.width = width
        self.height = height
        self.first = first
        self.path = path
        self.child = child
        let byteCount = format.byteCount(width: width, height: height)
        ahead = Task { try await pipe.next(byteCount: byteCount) }
    }

    /// The next frame, or nil after the last one.
    ///
    /// - Throws: `CancellationError`, or `EightCutError` when reading fails or ffmpeg was ended
    ///   before it had come to the end of the video.
    package func next() async throws -> VideoFrame? {
        let picture: FramePipe.Frame
        do {
            picture = try await ahead.value
        } catch let error as Errno {
            throw EightCutError(
                .inputOutput,
                "cannot read the pictures of",
                on: path.string,
                because: "\(error)"
            )
        }
        try Task.checkCancellation()
        switch picture {
        case .end(let missing):
            try await checkEnd()
            isCutShort = missing > 0
            return nil
        case .whole(let pixels):
            let pipe = self.pipe
            let byteCount = pixels.byteCount
            ahead = Task { try await pipe.next(byteCount: byteCount) }
            // ffmpeg tells a frame's time before it hands over the picture.
            let time = await times.next() ?? nil
            defer { count += 1 }
            lastTime = time ?? lastTime
            return VideoFrame(
                index: first + count,
                time: time,
                width: width,
                height: height,
                format: format,
                pixels: pixels
            )
        }
    }

    /// The pictures also end when somebody kills ffmpeg. That must not pass for the end of the
    /// video: methods that look ahead would decide on the last frames without what follows.
    private func checkEnd() async throws {
        switch try await child.waitForExit() {
        case .signaled(let signal): throw FFmpegProgram.ffmpeg.killedError(signal: signal, on: path)
        case .exited(FFmpegProgram.stoppedStatus): throw FFmpegProgram.ffmpeg.stoppedError(on: path)
        case .exited, nil: break
        }
    }
}
