import Diagnostics
import Files
import Imaging
import MaskPipeline
import Media
import SAM2
import SystemPackage

/// Frames in backward order. A video can only be decoded from its start, so that is done piece by
/// piece, the last one first, each from the start; a piece waits on the disk as the model takes
/// it. Memory does not depend on the length of the video.
struct ReverseFrames {
    /// Room on the disk for a piece, and the frames that it has at most: at the size of the
    /// published models both are the same.
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

    /// The next frame.
    ///
    /// - Parameter index: its number; the one before was the frame behind it.
    /// - Returns: the frame as the model takes it.
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
        let (spool, report) = try await decoder.withFrames { frames in
            let spool = try FrameBufferFile(in: video.workspace, length: model.inputLength)
            while let frame = try await frames.next() {
                guard frame.index >= range.lowerBound else { continue }
                try model.input(of: frame).withBytes { try spool.append($0) }
            }
            return spool
        }
        // ffmpeg begins to count anew when the size changes: then all frames are counted here.
        if report.changesInMidStream, !changes, range.lowerBound > 0 {
            changes = true
            return try await decoded(range)
        }
        guard spool.count == range.count else {
            throw EightCutError(
                .toolFailed,
                "cannot go back in",
                on: video.path.string,
                because: "ffmpeg has decoded \(spool.count) of the frames \(range.lowerBound) to "
                    + "\(range.upperBound - 1)",
                remedy: "Was the file changed meanwhile? Run the same command again."
            )
        }
        return spool
    }
}

extension Errno {
    fileprivate var isFull: Bool { self == .noSpace || self == .diskQuotaExceeded }
}
