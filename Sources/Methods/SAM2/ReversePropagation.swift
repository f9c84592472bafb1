import MaskPipeline
import MaskStore
import Media
import SAM2
import SystemPackage
import Tracking

/// Follows objects from their first prompts back to the start of the video.
struct ReversePropagation {
    private let identity: String
    private let model: Sam2Model
    private let masks: ReverseMasks
    private var frames: ReverseFrames
    private var state: SamStateFile
    private var trackers: [ObjectTracker]
    /// The frame that is next; -1 when all is done.
    private var next: Int
    /// Masks that need not be on the disk yet.
    private var unsettled: [FilePath] = []
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
        identity = video.identity
        self.model = model
        self.state = state
        self.progress = progress
        masks = ReverseMasks(video.workspace, maskSize: model.traits.maskSize)
        frames = ReverseFrames(video, model)
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
        let first = next
        do {
            while next >= 0 {
                try await step(try await frames.frame(next))
                next -= 1
                try progress.note(backward: next + 1)
                if state.isDue { try keep() }
            }
            try CheckedFile.settle(unsettled)
        } catch {
            if next < first { try? keep() }
            throw error
        }
    }

    private mutating func step(_ input: Sam2Model.Input) async throws {
        let frame = next
        let features = try await model.features(of: input)
        // All are found before anything is kept: a step is done or not.
        var tracked = trackers
        for index in tracked.indices where tracked[index].concerns(frame) {
            let mask = try await tracked[index].track(features, frame: frame, with: model).checked()
            // The mask of the prompted frame itself is made on the way forward.
            guard frame < tracked[index].start else { continue }
            let path = try masks.write(mask, of: tracked[index].object, frame: frame)
            unsettled.append(path)
        }
        trackers = tracked
    }

    private mutating func keep() throws {
        try CheckedFile.settle(unsettled)
        unsettled = []
        let begun = trackers.filter { $0.concerns(next + 1) }
        try state.write(SamState(identity: identity, phase: .backward(next: next), trackers: begun))
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
        guard last > 0 else { return }
        try note(last + max(0, frame - first + 1))
    }

    /// So many frames have gone through the model.
    private func note(_ steps: Int) throws {
        guard let total = video.stream.estimatedFrames, total > last else { return }
        try video.note(total * steps / (last + total - first))
    }
}
