import Media
import Pixels
import SAM2
import Tracking

/// Follows objects from their first prompts back to the start of the video. Frames are decoded in
/// pieces, the last one first, and only the model's input is kept of a piece, so memory does not
/// depend on the length of the video.
struct BackwardPass {
    /// Frames of a piece: 3 MB each at the model's size.
    private static let piece = 16

    private let video: MaskVideo
    private let model: Sam2Model
    private let masks: BackwardMasks
    private var state: SamStateFile
    private var trackers: [ObjectTracker]
    /// The frame that is next; -1 when all is done.
    private var next: Int
    private let progress: SamProgress

    /// - Parameters:
    ///   - video: the video.
    ///   - objects: all objects.
    ///   - model: the model.
    ///   - state: where to keep what is remembered.
    ///   - kept: the state that an earlier run has left, nil for none.
    ///   - progress: is told of every frame.
    init(
        _ video: MaskVideo,
        _ objects: [SamObject],
        _ model: Sam2Model,
        _ state: SamStateFile,
        from kept: SamState?,
        progress: SamProgress
    ) {
        self.video = video
        self.model = model
        self.state = state
        self.progress = progress
        masks = BackwardMasks(video.workspace, maskSize: model.traits.maskSize)
        let late = objects.filter { $0.start > 0 }
        trackers = late.map { object in
            object.tracker(
                .backward,
                model.traits,
                kept?.bank(of: object.number, .backward, model.traits)
            )
        }
        if case .backward(let next) = kept?.phase {
            self.next = next
        } else {
            next = late.map(\.start).max() ?? -1
        }
    }

    /// Goes back to the start. What is done is kept when that is cut short.
    ///
    /// - Throws: `EightCutError` or `CancellationError`.
    mutating func run() async throws {
        do {
            while next >= 0 {
                let range = max(0, next + 1 - Self.piece)..<next + 1
                for input in try await inputs(range).reversed() {
                    try await step(input)
                    next -= 1
                    try progress.note(backward: next + 1)
                    if state.isDue { try keep() }
                }
            }
        } catch {
            try? keep()
            throw error
        }
    }

    private mutating func step(_ input: Sam2Model.Input) async throws {
        let frame = next
        let concerned = trackers.indices.filter { trackers[$0].concerns(frame) }
        let features = try await model.features(of: input)
        for index in concerned {
            let mask = try await trackers[index].track(features, frame: frame, with: model)
            // The mask of the prompted frame itself is made on the way forward.
            guard frame < trackers[index].start else { continue }
            try masks.write(mask, of: trackers[index].object, frame: frame)
        }
    }

    private mutating func keep() throws {
        let begun = trackers.filter { $0.concerns(next + 1) }
        try state.write(
            SamState(identity: video.identity, phase: .backward(next: next), trackers: begun)
        )
    }

    /// Frames as the model takes them.
    private func inputs(_ range: Range<Int>) async throws -> [Sam2Model.Input] {
        let decoder = VideoDecoder(
            path: video.path,
            stream: video.stream,
            format: .rgb24,
            range: range
        )
        let model = model
        return try await decoder.withFrames { frames in
            var inputs: [Sam2Model.Input] = []
            while let frame = try await frames.next() {
                inputs.append(try model.input(of: frame))
            }
            return inputs
        }.result
    }
}

/// How far a run has come that goes both ways, in frames of the video.
struct SamProgress: Sendable {
    private let video: MaskVideo
    private let first: Int
    private let last: Int

    init(_ video: MaskVideo, _ objects: [SamObject]) {
        self.video = video
        first = objects.map(\.start).min() ?? 0
        last = objects.map(\.start).max() ?? 0
    }

    /// Backward, all from this frame on is done.
    func note(backward frame: Int) throws { try note(last - frame) }

    /// Forward, all up to this frame is done.
    func note(forward frame: Int) throws {
        guard last > 0, frame >= first else { return }
        try note(last + frame - first + 1)
    }

    /// So many frames have gone through the model.
    private func note(_ steps: Int) throws {
        guard let total = video.stream.estimatedFrames, total > last else { return }
        try video.note(total * steps / (last + total - first))
    }
}
