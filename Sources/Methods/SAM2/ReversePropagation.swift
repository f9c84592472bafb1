import Diagnostics
import MaskPipeline
import MaskStore
import Media
import SAM2
import Tracking

/// Tracks objects from their first prompts back to the start of the video.
struct ReversePropagation {
    private let identity: String
    private let model: Sam2Model
    private let masks: ReverseMasks
    private var frames: ReverseFrames
    private var trackers: [ObjectTracker]
    /// The frame that is next; -1 when all are done.
    private var next: Int
    /// The frame that was next when the state was saved.
    private var savedNext: Int
    /// Masks that need not be on the disk yet.
    private var unsynced: [WorkspaceFile] = []

    /// - Parameters:
    ///   - video: the video.
    ///   - objects: all objects.
    ///   - model: the model.
    ///   - masks: where the masks are kept until it is their turn.
    ///   - kept: the state that an earlier run has left, nil for none.
    init(
        _ video: MaskVideo,
        _ objects: [SamObject],
        _ model: Sam2Model,
        to masks: ReverseMasks,
        from kept: SamState?
    ) {
        identity = video.identity
        self.model = model
        self.masks = masks
        frames = ReverseFrames(video, model)
        let late = objects.filter { $0.start > 0 }
        trackers = late.map { object in
            object.tracker(
                .backward,
                model.traits,
                kept?.bank(of: object.number, .backward, model.traits)
            )
        }
        if case .reverse(let next) = kept?.phase {
            self.next = next
        } else {
            next = late.map(\.start).max() ?? -1
        }
        savedNext = next
    }

    /// Propagates by one frame.
    ///
    /// - Returns: the frame, nil when there are no more and all masks are on the disk.
    /// - Throws: `EightCutError` or `CancellationError`.
    mutating func step() async throws -> Int? {
        guard next >= 0 else {
            try masks.synchronize(unsynced)
            return nil
        }
        try await track(try await frames.frame(next))
        next -= 1
        return next + 1
    }

    private mutating func track(_ input: Sam2Model.Input) async throws {
        let frame = next
        let features = try await model.features(of: input)
        // All are tracked before any tracker is kept: a step is done or not.
        var tracked = trackers
        for index in tracked.indices where tracked[index].concerns(frame) {
            let mask = try await tracked[index].track(features, frame: frame, with: model).checked()
            // The mask of the prompted frame itself is made in the forward direction.
            guard frame < tracked[index].start else { continue }
            unsynced.append(try masks.write(mask, of: tracked[index].object, frame: frame))
        }
        trackers = tracked
    }

    /// What is needed to resume from here; nil when that was saved already. The masks that it
    /// builds upon are on the disk.
    ///
    /// - Throws: `EightCutError` when they cannot be written.
    mutating func unsavedState() throws -> SamState? {
        guard next < savedNext else { return nil }
        try masks.synchronize(unsynced)
        unsynced = []
        let begun = trackers.filter { $0.concerns(next + 1) }
        return SamState(identity: identity, phase: .reverse(next: next), trackers: begun)
    }

    mutating func markSaved() { savedNext = next }
}

/// How far a run has come that goes both ways, in frames of the video.
struct SamProgress: Sendable {
    private let estimatedFrames: Int?
    private let first: Int
    private let last: Int
    /// What looking at a frame takes when objects are searched for, as a part of what tracking
    /// takes.
    private let search: Double

    init(_ stream: VideoStream, _ objects: [SamObject], search: Double) {
        self.search = search
        estimatedFrames = stream.estimatedFrames
        first = objects.map(\.start).min() ?? 0
        last = objects.map(\.start).max() ?? 0
    }

    /// While objects are searched for, so many frames have been looked at.
    func workedCount(searched count: Int) -> Int? { workedCount(0, searched: count) }

    /// In reverse, all from this frame on is done.
    func workedCount(reverse frame: Int) -> Int? { workedCount(last - frame) }

    /// Forward, all up to this frame is done.
    func workedCount(forward frame: Int) -> Int? {
        last > 0 || search > 0 ? workedCount(last + max(0, frame - first + 1)) : nil
    }

    /// So many frames have gone through the model.
    private func workedCount(_ steps: Int, searched count: Int? = nil) -> Int? {
        guard let estimatedFrames, estimatedFrames > last else { return nil }
        let frames = Double(estimatedFrames)
        let searched = search * Double(min(count ?? estimatedFrames, estimatedFrames))
        let total = search * frames + Double(last) + frames - Double(first)
        return Int(frames * (searched + Double(steps)) / total)
    }
}

/// Masks of frames before the prompts. They are made first and in reverse order, and are kept in
/// files until the forward direction comes to them.
struct ReverseMasks: Sendable {
    private let workspace: Workspace
    private let count: Int

    /// - Parameters:
    ///   - workspace: where the files are.
    ///   - maskSize: rows and columns of the masks.
    init(_ workspace: Workspace, maskSize: Int) {
        self.workspace = workspace
        count = maskSize * maskSize
    }

    /// Writes a mask: its scores and its logits. Nothing is rounded, so that the detour makes no
    /// difference.
    ///
    /// - Returns: the file, which need not be on the disk yet.
    /// - Throws: `EightCutError` when it cannot be written.
    func write(_ mask: TrackedMask, of object: Int, frame: Int) throws -> WorkspaceFile {
        let file = WorkspaceFile.mask(object: object, frame: frame)
        let numbers = [mask.objectScore, mask.iou] + mask.logits
        try workspace.write(numbers.withUnsafeBytes { Array($0) }, to: file)
        return file
    }

    /// Waits until what was written is on the disk.
    ///
    /// - Throws: `EightCutError` when that fails.
    func synchronize(_ files: [WorkspaceFile]) throws { try workspace.synchronize(files) }

    /// Whether all masks of an earlier run are there undamaged.
    ///
    /// - Throws: `CancellationError`.
    func areWhole(of object: Int, frames: Range<Int>) throws -> Bool {
        for frame in frames {
            try Task.checkCancellation()
            guard content(of: object, frame: frame) != nil else { return false }
        }
        return true
    }

    /// Reads a mask back.
    ///
    /// - Throws: `EightCutError` when it is missing or damaged.
    func read(of object: Int, frame: Int) throws -> TrackedMask {
        guard let bytes = content(of: object, frame: frame) else {
            throw EightCutError(
                .inputOutput,
                "cannot go on",
                on: workspace.path(of: .mask(object: object, frame: frame)).string,
                because: "the file is missing or damaged",
                remedy: "Run the same command again: it makes damaged files again."
            )
        }
        return bytes.withUnsafeBytes { bytes in
            let numbers = (0..<count + 2).map {
                bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)
            }
            return TrackedMask(
                logits: Array(numbers.dropFirst(2)),
                objectScore: numbers[0],
                iou: numbers[1]
            )
        }
    }

    private func content(of object: Int, frame: Int) -> [UInt8]? {
        let length = 4 * (count + 2)
        let bytes = workspace.read(.mask(object: object, frame: frame), limit: length)
        return bytes?.count == length ? bytes : nil
    }
}
