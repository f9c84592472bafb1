import Diagnostics
import Files
import Glibc
import Imaging
import MaskPipeline
import MaskStore
import Media
import SAM2
import Synchronization
import SystemPackage

/// The frames of a video in reverse order. A video can only be decoded from its start, so that is
/// done piece by piece, the last one first, each from the start; a piece is buffered on the disk in
/// the model's input format. Memory does not depend on the length of the video.
struct ReverseFrames {
    /// Disk space for a piece, and the frames that it has at most: at the size of the published
    /// models both are the same.
    private static let most = (bytes: 768 << 20, frames: 256)
    /// Frames that a piece has at least, if the disk is full.
    private static let least = 16

    private let video: MaskVideo
    private let model: Sam2Model
    private var size: Int
    private var piece: FrameBufferFile?
    /// Whether the video changes its size, so that ffmpeg cannot be asked to leave out frames.
    private var changes = false

    init(_ video: MaskVideo, _ model: Sam2Model) {
        self.video = video
        self.model = model
        size = max(1, min(Self.most.frames, Self.most.bytes / model.inputLength))
    }

    /// Reads the next frame.
    ///
    /// - Parameter index: its number, one less than that of the call before.
    /// - Returns: the frame as the model's input.
    /// - Throws: `EightCutError` or `CancellationError`.
    mutating func frame(_ index: Int) async throws -> Sam2Model.Input {
        do {
            if piece.map({ $0.count == 0 }) ?? true { try await decode(upTo: index + 1) }
            return try model.input { bytes in try piece?.takeLast(into: bytes) }
        } catch let error as Errno {
            throw fileError("cannot keep frames in", video.workspace.path, error)
        }
    }

    private mutating func decode(upTo end: Int) async throws {
        piece = nil
        while true {
            let range = max(0, end - size)..<end
            do {
                piece = try await decoded(range)
                return
            } catch let error as Errno where error.isFull && size > Self.least {
                size = max(Self.least, size / 2)
            }
        }
    }

    private mutating func decoded(_ range: Range<Int>) async throws -> FrameBufferFile {
        let (video, model) = (video, model)
        let decoder = VideoDecoder(
            path: video.path,
            stream: video.stream,
            format: .rgb24,
            range: changes ? 0..<range.upperBound : range
        )
        let (buffer, report) = try await decoder.withFrames { frames in
            let buffer = try FrameBufferFile(in: video.workspace, length: model.inputLength)
            while let frame = try await frames.next() {
                guard frame.index >= range.lowerBound else { continue }
                try model.input(of: frame).withBytes { try buffer.append($0) }
            }
            return buffer
        }
        // ffmpeg restarts its count when the size changes: then all frames are counted here.
        if report.changesInMidStream, !changes, range.lowerBound > 0 {
            changes = true
            return try await decoded(range)
        }
        guard buffer.count == range.count else {
            throw EightCutError(
                .toolFailed,
                "cannot read in reverse",
                on: video.path.string,
                because: "ffmpeg has decoded \(buffer.count) of the frames \(range.lowerBound) to "
                    + "\(range.upperBound - 1)",
                remedy: "Was the file changed meanwhile? Run the same command again."
            )
        }
        return buffer
    }
}

/// A stack of frames of equal length in a file. The file has no name, so nothing is left of it,
/// whatever ends the run.
private final class FrameBufferFile: Sendable {
    private let file: NewFile
    private let length: Int
    private let held = Mutex(0)

    /// - Parameters:
    ///   - workspace: where to create the file.
    ///   - length: bytes of a frame.
    /// - Throws: `EightCutError` when there can be none.
    init(in workspace: Workspace, length: Int) throws {
        file = try workspace.makeBuffer()
        self.length = length
    }

    private var descriptor: FileDescriptor { file.descriptor }

    /// How many frames are in it.
    var count: Int { held.withLock { $0 } }

    /// Puts a frame on top.
    ///
    /// - Throws: `Errno` when the disk is full.
    func append(_ bytes: UnsafeRawBufferPointer) throws {
        precondition(bytes.count == length, "not the length of a frame")
        try held.withLock { count in
            _ = try descriptor.writeAll(toAbsoluteOffset: Int64(count * length), bytes)
            count += 1
        }
    }

    /// Takes the last frame off, and frees its disk space.
    ///
    /// - Parameter target: is filled with the frame.
    /// - Throws: `Errno`.
    func takeLast(into target: UnsafeMutableRawBufferPointer) throws {
        precondition(target.count == length, "not the length of a frame")
        try held.withLock { count in
            precondition(count > 0, "no frame is left")
            let start = (count - 1) * length
            var done = 0
            while done < length {
                let read = try descriptor.read(
                    fromAbsoluteOffset: Int64(start + done),
                    into: UnsafeMutableRawBufferPointer(rebasing: target[done...])
                )
                guard read > 0 else { throw Errno.ioError }
                done += read
            }
            guard ftruncate(descriptor.rawValue, off_t(start)) == 0 else {
                throw Errno(rawValue: errno)
            }
            count -= 1
        }
    }
}

extension Errno {
    fileprivate var isFull: Bool { self == .noSpace || self == .diskQuotaExceeded }
}
