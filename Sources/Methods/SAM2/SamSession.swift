import Imaging
import MaskPipeline
import MaskStore
import SAM2
import Tracking

/// SAM 2 at work: first backwards from the prompts, then forwards.
struct SamSession: MaskSession {
    /// States of the latest frames that are held until their masks are recorded, at most: one more
    /// than there are masks in the making.
    private static let heldStates = MaskFolder.maximumUnrecorded + 2

    private let video: MaskVideo
    private let objects: [SamObject]
    private let model: Sam2Model
    private let drawing: SamDrawing
    private let observe: SamMethod.Observer?
    private let backwardMasks: ReverseMasks
    private let progress: SamProgress
    private var file: SamStateFile
    private var trackers: [ObjectTracker]
    /// Set until the way back is done.
    private var backward: ReversePropagation?
    /// Frames before this one have been tracked by an earlier run.
    private let first: Int
    private var states: [(next: Int, trackers: [ObjectTracker])] = []
    private var savedNext: Int

    init(
        video: MaskVideo,
        objects: [SamObject],
        model: Sam2Model,
        drawing: SamDrawing,
        observe: SamMethod.Observer?
    ) throws {
        self.video = video
        self.objects = objects
        self.model = model
        self.drawing = drawing
        self.observe = observe
        backwardMasks = ReverseMasks(video.workspace, maskSize: model.traits.maskSize)
        progress = SamProgress(video, objects)
        file = SamStateFile(video)
        var kept = file.read()
        if let state = kept, try !Self.isWhole(state, objects, backwardMasks, video.doneCount) {
            kept = nil
        }
        if kept == nil { try video.workspace.remove() }
        switch kept?.phase {
        case .forward(let next):
            // Should masks have been lost since then, all are tracked again.
            let goesOn = next <= video.doneCount
            first = goesOn ? next : 0
            trackers = objects.map { object in
                let bank = kept?.bank(of: object.number, .forward, model.traits)
                return object.tracker(.forward, model.traits, goesOn ? bank : nil)
            }
        case .backward, nil:
            first = 0
            trackers = objects.map { $0.tracker(.forward, model.traits) }
            backward = ReversePropagation(
                video,
                objects,
                model,
                file,
                from: kept,
                progress: progress
            )
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
            case .backward(let next): next + 1
            case .forward(let next): next <= doneCount ? next : 0
            }
        return try objects.allSatisfy { object in
            try masks.areWhole(of: object.number, frames: min(first, object.start)..<object.start)
        }
    }

    mutating func add(_ frame: VideoFrame, isDone: Bool) async throws -> [PendingMask] {
        if var pass = backward {
            try await pass.run()
            backward = nil
            if objects.contains(where: { $0.start > 0 }) {
                try file.write(state(next: 0, trackers))
            }
        }
        // What an earlier run has tracked has its mask as well.
        if frame.index < first { return [] }
        let masks = try await track(frame)
        states.append((frame.index + 1, trackers))
        if states.count > Self.heldStates { states.removeFirst() }
        try progress.note(forward: frame.index)
        if isDone { return [] }
        for (number, mask) in masks { try observe?(frame.index, number, mask) }
        return [PendingMask(frame: frame) { [drawing] in drawing.draw(masks) }]
    }

    private mutating func track(
        _ frame: VideoFrame
    ) async throws -> [(number: Int, mask: TrackedMask)] {
        var masks: [(number: Int, mask: TrackedMask)] = []
        // The frame is looked at once, and only if an object is to be found on it.
        var features: Sam2Model.Features?
        for index in trackers.indices {
            let object = trackers[index].object
            guard trackers[index].concerns(frame.index) else {
                masks.append((object, try backwardMasks.read(of: object, frame: frame.index)))
                continue
            }
            let known: Sam2Model.Features
            if let features {
                known = features
            } else {
                known = try await model.features(of: try model.input(of: frame))
                features = known
            }
            let mask = try await trackers[index].track(known, frame: frame.index, with: model)
            masks.append((object, try mask.checked()))
        }
        return masks
    }

    func finish() -> [PendingMask] { [] }

    mutating func save(recorded: Int, isLast: Bool) throws {
        guard backward == nil, isLast || file.isDue,
            let latest = states.last(where: { $0.next <= recorded }), latest.next > savedNext
        else { return }
        try file.write(state(next: latest.next, latest.trackers))
        savedNext = latest.next
    }

    private func state(next: Int, _ trackers: [ObjectTracker]) -> SamState {
        SamState(
            identity: video.identity,
            phase: .forward(next: next),
            trackers: trackers.filter { next > $0.start }
        )
    }
}
