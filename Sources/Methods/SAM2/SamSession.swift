import Diagnostics
import Files
import Imaging
import MaskPipeline
import MaskStore
import SAM2
import Tracking

/// SAM 2 at work: first in reverse from the prompts, then forward.
struct SamSession: MaskSession {
    /// States after the latest frames that are held until their masks are recorded, at most: one
    /// more than there are masks in the making.
    private static let heldStates = MaskFolder.maximumUnrecorded + 2

    private let video: MaskVideo
    private let objects: [SamObject]
    private let model: Sam2Model
    private let drawing: SamDrawing
    private let observe: SamMethod.Observer?
    private let reverseMasks: ReverseMasks
    private let progress: SamProgress
    private var file: SamStateFile
    private var trackers: [ObjectTracker]
    /// Nil when the reverse propagation is done.
    private var reverse: ReversePropagation?
    /// Frames before this one have been tracked by an earlier run.
    private let first: Int
    private var states: [(next: Int, trackers: [ObjectTracker])] = []
    private var savedNext: Int
    /// What texts have found, of which some objects are.
    private let texts: TextObjects?
    /// Whether the workspace has it.
    private var keepsTexts = false

    init(
        video: MaskVideo,
        objects: [SamObject],
        model: Sam2Model,
        drawing: SamDrawing,
        search: Double,
        texts: TextObjects? = nil,
        observe: SamMethod.Observer?
    ) throws {
        self.texts = texts
        self.video = video
        self.objects = objects
        self.model = model
        self.drawing = drawing
        self.observe = observe
        reverseMasks = ReverseMasks(video.workspace, maskSize: model.traits.maskSize)
        progress = SamProgress(video.stream, objects, search: search)
        file = SamStateFile(video)
        var kept = file.read(for: model)
        if let state = kept, try !Self.isWhole(state, objects, reverseMasks, video.doneCount) {
            kept = nil
        }
        if kept == nil { try video.workspace.remove() }
        switch kept?.phase {
        case .forward(let next):
            // Should masks have been lost since then, all are tracked again.
            let resumes = next <= video.doneCount
            first = resumes ? next : 0
            trackers = objects.map { object in
                let bank = kept?.bank(of: object.number, .forward, model.traits)
                return object.tracker(.forward, model.traits, resumes ? bank : nil)
            }
        case .reverse, nil:
            first = 0
            trackers = objects.map { $0.tracker(.forward, model.traits) }
            reverse = ReversePropagation(video, objects, model, to: reverseMasks, from: kept)
        }
        savedNext = first
    }

    /// Whether all masks that a state builds upon are there.
    private static func isWhole(
        _ state: SamState,
        _ objects: [SamObject],
        _ masks: ReverseMasks,
        _ doneCount: Int
    ) throws -> Bool {
        let first =
            switch state.phase {
            case .reverse(let next): next + 1
            case .forward(let next): next <= doneCount ? next : 0
            }
        return try objects.allSatisfy { object in
            try masks.areWhole(of: object.number, frames: min(first, object.start)..<object.start)
        }
    }

    /// Propagates in reverse by one frame.
    mutating func prepare() async throws -> SessionStep? {
        if let frame = try await reverse?.step() {
            return SessionStep(workedCount: progress.workedCount(reverse: frame))
        }
        guard reverse != nil else { return nil }
        reverse = nil
        if objects.contains(where: { $0.start > 0 }) { try file.write(state(next: 0, trackers)) }
        return nil
    }

    mutating func add(_ frame: VideoFrame) async throws -> SessionStep {
        // What an earlier run has tracked has its mask as well.
        if frame.index < first { return SessionStep() }
        let masks = try await track(frame)
        states.append((frame.index + 1, trackers))
        if states.count > Self.heldStates { states.removeFirst() }
        for (number, mask) in masks { try observe?(frame.index, number, mask) }
        return SessionStep(
            [
                PendingMask(frame: frame) { [drawing, boxes = texts?.boxes(on: frame.index)] in
                    drawing.draw(masks, detections: boxes ?? [:])
                }
            ],
            workedCount: progress.workedCount(forward: frame.index)
        )
    }

    private mutating func track(
        _ frame: VideoFrame
    ) async throws -> [(number: Int, mask: TrackedMask)] {
        var masks: [(number: Int, mask: TrackedMask)] = []
        // The frame is encoded once, and only if an object is to be tracked on it.
        var features: Sam2Model.Features?
        for index in trackers.indices {
            let object = trackers[index].object
            guard trackers[index].concerns(frame.index) else {
                masks.append((object, try reverseMasks.read(of: object, frame: frame.index)))
                continue
            }
            let encoded: Sam2Model.Features
            if let features {
                encoded = features
            } else {
                encoded = try await model.features(of: try model.input(of: frame))
                features = encoded
            }
            let mask = try await trackers[index].track(encoded, frame: frame.index, with: model)
            masks.append((object, try mask.checked()))
        }
        return masks
    }

    var foundPrompts: String? { texts?.foundPrompts }

    var detections: JSONValue? { texts?.described }

    mutating func save(recorded: Int, isLast: Bool) throws {
        // A run that fails before its first mask leaves nothing.
        if recorded > 0 { try keepTexts() }
        guard isLast || file.isDue else { return }
        if let state = try reverse?.unsavedState() {
            try keepTexts()
            try file.write(state)
            reverse?.markSaved()
        } else if reverse == nil,
            let latest = states.last(where: { $0.next <= recorded }), latest.next > savedNext
        {
            try file.write(state(next: latest.next, latest.trackers))
            savedNext = latest.next
        }
    }

    /// Keeps what was found, so that a run that resumes need not look for it again.
    private mutating func keepTexts() throws {
        guard let texts, !keepsTexts else { return }
        try texts.write(to: video.workspace)
        keepsTexts = true
    }

    private func state(next: Int, _ trackers: [ObjectTracker]) -> SamState {
        SamState(
            identity: video.identity,
            phase: .forward(next: next),
            trackers: trackers.filter { next > $0.start }
        )
    }
}

extension TrackedMask {
    /// Itself, when all values are numbers.
    ///
    /// - Throws: `EightCutError`.
    func checked() throws -> TrackedMask {
        guard objectScore.isFinite, iou.isFinite, logits.allSatisfy(\.isFinite) else {
            throw EightCutError(
                .inputUnusable,
                "cannot use the masks that the model gives",
                because: "there are values in them that are infinite or no numbers",
                remedy: "Try the precision fp32; if that does not help, check the checkpoint: "
                    + "8cut models verify."
            )
        }
        return self
    }
}
