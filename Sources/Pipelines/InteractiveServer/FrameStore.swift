import Diagnostics
import Media
import SAM2
import SystemPackage

/// The frames of a video in any order, decoded and encoded, each once as long as it is kept. One
/// is asked for at a time.
actor FrameStore {
    /// Frames that are decoded together: with one come those around it, since getting there is
    /// what takes long.
    private static let piece = 8
    /// Bytes of frames at the model's size that are kept: 3 MB each as a rule.
    private static let inputLimit = 64 << 20
    /// Bytes of what the model knows of frames that are kept: 20 MB each as a rule.
    private static let featureLimit = 256 << 20

    private let path: FilePath
    private let stream: VideoStream
    private let model: Sam2Model
    private var inputs = RecentFrames<Sam2Model.Input>(limit: inputLimit)
    private var features = RecentFrames<Sam2Model.Features>(limit: featureLimit)

    init(_ path: FilePath, _ stream: VideoStream, model: Sam2Model) {
        self.path = path
        self.stream = stream
        self.model = model
    }

    /// What the model knows of a frame.
    ///
    /// - Returns: that, and whether the frame had to be encoded for it.
    /// - Throws: `FrameMissing`, `EightCutError`, `CancellationError`.
    func features(of frame: Int) async throws -> (features: Sam2Model.Features, isNew: Bool) {
        if let known = features.find(frame) { return (known, false) }
        let new = try await model.features(of: try await input(frame))
        features.keep(new, of: frame, bytes: new.byteCount)
        return (new, true)
    }

    private func input(_ frame: Int) async throws -> Sam2Model.Input {
        if let known = inputs.find(frame) { return known }
        let first = frame / Self.piece * Self.piece
        let piece = try await decode(first..<first + Self.piece, for: frame)
        let bytes = model.traits.imageSize * model.traits.imageSize * 3
        for (index, input) in piece.enumerated() {
            inputs.keep(input, of: first + index, bytes: bytes)
        }
        let input = piece[frame - first]
        inputs.keep(input, of: frame, bytes: bytes)
        return input
    }

    private func decode(_ range: Range<Int>, for frame: Int) async throws -> [Sam2Model.Input] {
        let decoder = VideoDecoder(path: path, stream: stream, format: .rgb24, range: range)
        let model = model
        return try await decoder.withFrames { frames in
            var inputs: [Sam2Model.Input] = []
            while let frame = try await frames.next() { inputs.append(try model.input(of: frame)) }
            guard range.lowerBound + inputs.count > frame else { throw FrameMissing() }
            return inputs
        }.result
    }
}

/// The video ends before the frame.
struct FrameMissing: Error {}
