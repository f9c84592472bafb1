import Diagnostics
import Dispatch
import Glibc
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
    private var timedFrames: AsyncStream<TimedFrame>.Iterator
    /// The time of a frame that has not been given out.
    private var timedFrame: TimedFrame?
    private var ahead: Task<FramePipe.Frame, any Error>

    /// How many frames have been given out.
    package private(set) var count = 0
    /// Time of the last frame that was given out.
    private(set) var lastTime: Double?
    /// What is wrong with the video up to that frame, as a clause; nil when nothing is.
    package private(set) var problem: String?
    /// Whether the pipe ended inside a frame.
    private(set) var isTruncated = false

    init(
        pipe: FramePipe,
        timedFrames: AsyncStream<TimedFrame>,
        format: PixelFormat,
        width: Int,
        height: Int,
        first: Int,
        path: FilePath,
        child: RunningChild
    ) {
        self.pipe = pipe
        self.timedFrames = timedFrames.makeAsyncIterator()
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
        let frame: FramePipe.Frame
        do {
            frame = try await ahead.value
        } catch let error as Errno {
            throw EightCutError(
                .inputOutput,
                "cannot read the frames of",
                on: path.string,
                because: "\(error)"
            )
        }
        try Task.checkCancellation()
        switch frame {
        case .end(let missing):
            try await checkEnd()
            isTruncated = missing > 0
            return nil
        case .whole(let pixels):
            let pipe = self.pipe
            let byteCount = pixels.byteCount
            ahead = Task { try await pipe.next(byteCount: byteCount) }
            // ffmpeg reports a frame's time before it writes the frame.
            let time = await time(of: count)
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

    /// Waits until the first frame is there, or it is known that there is none, without giving it out.
    func waitForFirst() async { _ = try? await ahead.value }

    /// The time that ffmpeg has reported for a frame; nil where it has none, or the report was lost.
    private func time(of frame: Int) async -> Double? {
        while true {
            if timedFrame == nil { timedFrame = await timedFrames.next() }
            guard let timedFrame, timedFrame.index <= frame else { return nil }
            self.timedFrame = nil
            problem = timedFrame.problem ?? problem
            if timedFrame.index == frame { return timedFrame.time }
        }
    }

    /// The frames also end when somebody kills ffmpeg. That must not pass for the end of the
    /// video: methods that look ahead would decide on the last frames without what follows.
    private func checkEnd() async throws {
        switch try await child.waitForExit() {
        case .signaled(let signal): throw FFmpegProgram.ffmpeg.killedError(signal: signal, on: path)
        case .exited(FFmpegProgram.stoppedStatus): throw FFmpegProgram.ffmpeg.stoppedError(on: path)
        case .exited, nil: break
        }
    }
}

/// The read end of the pipe to which ffmpeg writes raw frames.
actor FramePipe {
    /// The outcome of reading one frame.
    enum Frame {
        case whole(PixelBuffer)
        /// The pipe ended, `missing` bytes before the end of a frame (0 between two frames).
        case end(missing: Int)
    }

    private let descriptor: Int32
    private let executor = BlockingExecutor(label: "8cut.frames")

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// Takes over the descriptor and closes it in the end.
    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Makes a pipe.
    ///
    /// - Returns: the reading end, and the writing end for the child process.
    static func make() throws(Errno) -> (reader: FramePipe, writer: FileDescriptor) {
        let ends: (readEnd: FileDescriptor, writeEnd: FileDescriptor)
        do {
            ends = try FileDescriptor.pipe()
        } catch {
            throw error as? Errno ?? .ioError
        }
        _ = fcntl(ends.readEnd.rawValue, F_SETFD, FD_CLOEXEC)
        _ = fcntl(ends.writeEnd.rawValue, F_SETFD, FD_CLOEXEC)
        // A large pipe lets ffmpeg decode ahead. 1 MiB is what an ordinary user may ask for; it
        // is only a wish.
        _ = fcntl(ends.writeEnd.rawValue, setPipeSize, 1 << 20)
        return (FramePipe(descriptor: ends.readEnd.rawValue), ends.writeEnd)
    }

    /// Reads one frame, waiting for it. When the child process ends, so does the waiting.
    func next(byteCount: Int) throws(Errno) -> Frame {
        var have = 0
        let descriptor = self.descriptor
        do {
            let buffer = try PixelBuffer(byteCount: byteCount) { bytes in
                while have < byteCount {
                    let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[have...])
                    let count = read(descriptor, rest.baseAddress, rest.count)
                    if count > 0 {
                        have += count
                    } else if count == 0 {
                        throw Errno.brokenPipe
                    } else if errno != EINTR {
                        throw Errno(rawValue: errno)
                    }
                }
            }
            return .whole(buffer)
        } catch Errno.brokenPipe {
            return .end(missing: have == 0 ? 0 : byteCount - have)
        } catch {
            throw error as? Errno ?? .ioError
        }
    }
}

/// Linux's `F_SETPIPE_SZ`, which Glibc declares only for `_GNU_SOURCE`.
private let setPipeSize: Int32 = 1031

/// Runs an actor's work on a thread that may wait for the system, so that Swift's own threads,
/// of which there are as many as cores, are left to compute.
final class BlockingExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async {
            job.runSynchronously(on: self.asUnownedSerialExecutor())
        }
    }
}
