import Imaging
import Methods
import OnnxEngine
import Prompts
import SAM2
import TestSupport
import Testing
import Tracking

/// Whole videos against the reference implementation, on small random checkpoints.
@Suite struct VideoParityTests {
    /// What is demanded of logits over a whole video, as a part of their range. Memories are
    /// rounded to 8 bits of mantissa, and a rounding to the other side stays in memory.
    private static let logitTolerance: Float = 1e-3
    /// The least IoU of the masks of every frame.
    private static let leastIoU = 0.995
    /// What is demanded of scores: the largest difference, as a part of their range, or of 1.
    private static let scoreTolerance: Float = 1e-3

    @Test(arguments: [
        "point", "point-negative", "box", "box-negative", "mask", "correction", "correction-mask",
        "backwards", "both-ways", "late-object", "two-objects",
    ])
    func objectsAreFollowedAsByTheReference(name: String) async throws {
        try await check("tiny", name, video: "drifting")
    }

    @Test(arguments: ["vanishing", "vanishing-both-ways"])
    func anObjectThatVanishesAndReturnsIsFollowedAsByTheReference(name: String) async throws {
        let scores = try Sam2Fixtures.tensors("tracks", of: "tiny").floats("\(name).1.scores")
            .values
        let absent = scores.indices.filter { scores[$0] <= 0 }
        let first = try #require(absent.first)
        let last = try #require(absent.last)
        #expect(first > 0 && last < scores.count - 1)
        try await check("tiny", name, video: "hiding")
    }

    @Test(arguments: [
        ("point-negative", "drifting"), ("correction", "drifting"), ("vanishing", "hiding"),
    ])
    func objectsAreFollowedAsByTheReferenceWithVersion2_0(
        name: String,
        video: String
    ) async throws {
        try await check("tiny-2.0", name, video: video)
    }

    @Test(arguments: [
        ("point", "drifting"), ("box", "drifting"), ("mask", "drifting"),
        ("two-objects", "drifting"), ("correction", "drifting"), ("backwards", "drifting"),
        ("vanishing", "hiding"),
    ])
    func objectsAreFollowedAsByTheReferenceWithEdgeTAM(
        name: String,
        video: String
    ) async throws {
        try await check(Sam2Fixtures.edgetam, name, video: video)
    }

    @Test(arguments: [
        ("tiny", "box-negative"), ("tiny", "mask"), ("tiny", "both-ways"),
        ("tiny-2.0", "point-negative"), ("edgetam", "box-negative"), ("edgetam", "mask"),
    ])
    func objectsAreFollowedAsByTheReferenceAtAnotherSize(
        model: String,
        name: String
    ) async throws {
        try await check(model, name, video: "drifting", side: Sam2Fixtures.otherSide)
    }

    /// With anchors, without the object on some frames, and with other masks than those of the
    /// standard rules.
    @Test(arguments: [("tiny", "beside"), ("edgetam", "beside-alike")])
    func objectsAreFollowedAsByTheReferenceWithDistractorAwareMemory(
        model: String,
        name: String
    ) async throws {
        try await check(model, name, video: name, rules: .dam)
    }

    private func check(
        _ model: String,
        _ name: String,
        video: String,
        side: Int? = nil,
        rules: MemoryRules = .standard
    ) async throws {
        let source = try FixtureVideo(video)
        let answers = rules == .standard ? model : "\(model)-\(rules.rawValue)"
        let expected = try Sam2Fixtures.tensors("tracks", of: answers, side: side)
        let file = Sam2Fixtures.folder.appending("prompts").appending(name + ".json")
        let prompts = try PromptList(file: file).resolve(width: source.width, height: source.height)
        let loaded = try await Sam2Model(
            checkpoint: Sam2Fixtures.model(model),
            frame: (source.width, source.height),
            options: Sam2Options(resolution: side, rules: rules),
            library: try TestTools.library(),
            settings: SessionSettings(threads: 1)
        )
        #expect(source.count >= 20)
        for resolved in prompts.objects {
            let object = SamObject(
                resolved,
                frame: (source.width, source.height),
                imageSize: loaded.traits.imageSize
            )
            let (masks, anchors) = try await track(object, source, loaded)
            let key = "\(name).\(resolved.number)"
            let others = rules == .standard ? [] : try expected.bytes(key + ".anchors").values
            #expect(anchors.sorted() == others.map(Int.init), "\(key)")
            compareLogits(masks, try expected.floats(key + ".logits"), loaded.traits.maskSize, key)
            compareMasks(masks, try expected.bytes(key + ".masks"), source, loaded.traits, key)
            let scores = [("scores", masks.map(\.objectScore)), ("ious", masks.map(\.iou))]
            for (part, ours) in scores {
                let reference = try expected.floats("\(key).\(part)").values
                let range = max(1, (reference.max() ?? 0) - (reference.min() ?? 0))
                let largest = zip(ours, reference).reduce(0) { max($0, abs($1.0 - $1.1)) }
                #expect(largest / range <= Self.scoreTolerance, "\(key), \(part): \(largest)")
            }
        }
    }

    /// Both ways from the first prompt.
    private func track(
        _ object: SamObject,
        _ source: FixtureVideo,
        _ model: Sam2Model
    ) async throws -> (masks: [TrackedMask], anchors: Set<Int>) {
        var masks: [Int: TrackedMask] = [:]
        var anchors: Set<Int> = []
        for (direction, order) in [
            (Direction.backward, Array((0...object.start).reversed())),
            (.forward, Array(object.start..<source.count)),
        ] {
            var tracker = object.tracker(direction, model.traits)
            for frame in order {
                let features = try await model.features(of: model.input(of: source.frame(frame)))
                masks[frame] = try await tracker.track(features, frame: frame, with: model)
                anchors.formUnion(tracker.bank.anchors.keys)
            }
        }
        return ((0..<source.count).compactMap { masks[$0] }, anchors)
    }

    /// The fixture holds every other column of every other row.
    private func compareLogits(
        _ masks: [TrackedMask],
        _ reference: GraphRun.Floats,
        _ size: Int,
        _ name: String
    ) {
        let step = size / reference.shape[1]
        let ours = masks.flatMap { mask in
            stride(from: 0, to: size, by: step).flatMap { row in
                stride(from: 0, to: size, by: step).map { mask.logits[row * size + $0] }
            }
        }
        guard ours.count == reference.values.count else {
            Issue.record("\(name): \(ours.count) logits for \(reference.values.count)")
            return
        }
        // An absent object's logits say nothing but that.
        let real = reference.values.filter { $0 > -1000 }
        let range = (real.max() ?? 0) - (real.min() ?? 0)
        let largest = zip(ours, reference.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
        #expect(largest / range <= Self.logitTolerance, "\(name): \(largest / range)")
    }

    /// The fixture holds masks at the video's size, eight pixels in a byte.
    private func compareMasks(
        _ masks: [TrackedMask],
        _ reference: (shape: [Int], values: [UInt8]),
        _ source: FixtureVideo,
        _ traits: TrackingTraits,
        _ name: String
    ) {
        let resize = BilinearResize(
            from: (traits.maskSize, traits.maskSize),
            to: (source.width, source.height)
        )
        let stride = reference.shape[2]
        for (frame, mask) in masks.enumerated() {
            let full = resize.resized(mask.logits)
            var (both, either) = (0, 0)
            for (index, logit) in full.enumerated() {
                let (row, column) = index.quotientAndRemainder(dividingBy: source.width)
                let byte = reference.values[(frame * source.height + row) * stride + column / 8]
                let theirs = byte >> UInt8(7 - column % 8) & 1 == 1
                both += logit > 0 && theirs ? 1 : 0
                either += logit > 0 || theirs ? 1 : 0
            }
            let iou = either == 0 ? 1 : Double(both) / Double(either)
            #expect(iou >= Self.leastIoU, "\(name), frame \(frame): IoU \(iou)")
        }
    }
}
