import Diagnostics
import Media
import SAM2
import SystemPackage

/// Image features of a video's frames in any order, in two caches: decoded frames and features.
/// It serves one request at a time.
actor FrameStore {
    /// Frames that are decoded together: seeking takes longer than decoding a few more.
    private static let chunk = 8
    /// Bytes of decoded frames at the model's size, 3 MB each as a rule.
    private static let inputLimit = 64 << 20
    /// Bytes of features, 20 MB each as a rule.
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

    /// The features of a frame.
    ///
    /// - Returns: the features, and whether the frame had to be encoded.
    /// - Throws: `FrameMissing`, `EightCutError`, `CancellationError`.
    func features(of frame: Int) async throws -> (features: Sam2Model.Features, isNew: Bool) {
        if let known = features.find(frame) { return (known, false) }
        let new = try await model.features(of: try await input(frame))
        features.keep(new, of: frame, bytes: new.byteCount)
        return (new, true)
    }

    private func input(_ frame: Int) async throws -> Sam2Model.Input {
        if let known = inputs.find(frame) { return known }
        let first = frame / Self.chunk * Self.chunk
        let chunk = try await decode(first..<first + Self.chunk, for: frame)
        let bytes = model.traits.imageSize * model.traits.imageSize * 3
        for (index, input) in chunk.enumerated() {
            inputs.keep(input, of: first + index, bytes: bytes)
        }
        let input = chunk[frame - first]
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

/// A cache of the least recently used kind, limited by bytes.
private struct RecentFrames<Value: Sendable>: Sendable {
    /// The latest entry is kept even if it is larger.
    let limit: Int
    /// The latest is last.
    private var entries: [(frame: Int, value: Value, bytes: Int)] = []

    init(limit: Int) {
        self.limit = limit
    }

    mutating func find(_ frame: Int) -> Value? {
        guard let index = entries.firstIndex(where: { $0.frame == frame }) else { return nil }
        let entry = entries.remove(at: index)
        entries.append(entry)
        return entry.value
    }

    mutating func keep(_ value: Value, of frame: Int, bytes: Int) {
        entries.removeAll { $0.frame == frame }
        entries.append((frame, value, bytes))
        var sum = entries.reduce(0) { $0 + $1.bytes }
        while sum > limit, entries.count > 1 { sum -= entries.removeFirst().bytes }
    }
}
