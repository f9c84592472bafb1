import Testing
import Tracking

/// Which of the decoder's masks counts.
@Suite struct MaskChoiceTests {
    /// The mask of the first frame, or of the one behind it, with its pointer.
    private func choice(
        _ traits: TrackingTraits = FakeModel.traits(),
        _ prompt: DecoderPrompt = .twoPoints,
        logits: [[Float]],
        ious: [Float] = [0.5, 0.6, 0.9, 0.7],
        objectScore: Float = 3,
        isTracked: Bool = false
    ) async throws -> (mask: TrackedMask, pointer: [Float], isAbsent: Bool) {
        let model = FakeModel(traits) { question in
            FakeModel.masks(
                of: question.frame,
                logits: logits,
                ious: ious,
                objectScore: objectScore
            )
        }
        var tracker = ObjectTracker([0: prompt], model)
        var mask = try await tracker.track(0, frame: 0, with: model)
        if isTracked { mask = try await tracker.track(1, frame: 1, with: model) }
        let bank = tracker.bank
        let entry = try #require(isTracked ? bank.recent[1] : bank.conditioning[0])
        return (mask, entry.pointer, try #require(model.memories.last).isAbsent)
    }

    private static let plain: [[Float]] = (1...4).map { [Float](repeating: Float($0), count: 4) }
    /// Half of what is above the lower threshold is not above the upper one.
    private static let unstable: [Float] = [0.04, 1, -1, -1]

    @Test func severalPointsTakeTheSingleMask() async throws {
        let (mask, pointer, _) = try await choice(logits: Self.plain)
        #expect(mask.logits == Self.plain[0] && mask.iou == 0.5 && pointer == [0, 0])
    }

    @Test func onePointAndATrackedFrameTakeTheBestOfThree() async throws {
        for (prompt, isTracked) in [(DecoderPrompt.point, false), (.twoPoints, true)] {
            let (mask, pointer, _) = try await choice(
                prompt: prompt,
                isTracked: isTracked
            )
            #expect(mask.logits == Self.plain[2] && mask.iou == 0.9 && pointer[1] == 2)
        }
    }

    private func choice(
        prompt: DecoderPrompt,
        isTracked: Bool
    ) async throws -> (mask: TrackedMask, pointer: [Float], isAbsent: Bool) {
        try await choice(FakeModel.traits(), prompt, logits: Self.plain, isTracked: isTracked)
    }

    @Test func theFirstOfEqualIoUsCountsAndTheSingleMasksDoesNot() async throws {
        let (mask, _, _) = try await choice(
            FakeModel.traits(),
            .point,
            logits: Self.plain,
            ious: [0.99, 0.4, 0.8, 0.8]
        )
        #expect(mask.logits == Self.plain[2] && mask.iou == 0.8)
    }

    @Test func modelsMayTrackWithTheSingleMask() async throws {
        var traits = FakeModel.traits()
        traits.multimaskForTracking = false
        let tracked = try await choice(traits, .point, logits: Self.plain, isTracked: true)
        #expect(tracked.mask.logits == Self.plain[0])
        let first = try await choice(traits, .point, logits: Self.plain)
        #expect(first.mask.logits == Self.plain[2])
        traits.multimaskPoints = nil
        let never = try await choice(traits, .point, logits: Self.plain)
        #expect(never.mask.logits == Self.plain[0])
    }

    /// The pointer stays that of the single mask, as the reference has it.
    @Test func anUnstableSingleMaskGivesWay() async throws {
        let logits = [Self.unstable] + Self.plain.dropFirst()
        let (mask, pointer, _) = try await choice(logits: logits)
        #expect(mask.logits == Self.plain[2] && mask.iou == 0.9 && pointer == [0, 0])

        var traits = FakeModel.traits()
        traits.stability = nil
        let (kept, _, _) = try await choice(traits, logits: logits)
        #expect(kept.logits == Self.unstable && kept.iou == 0.5)
        traits.stability = (0.05, 0.5)
        let (halfStable, _, _) = try await choice(traits, logits: logits)
        #expect(halfStable.logits == Self.unstable, "half is enough here")
    }

    @Test func anEmptySingleMaskIsStable() async throws {
        let nothing: [Float] = [-1, -2, -3, -0.06]
        let (mask, _, _) = try await choice(logits: [nothing] + Self.plain.dropFirst())
        #expect(mask.logits == nothing)
    }

    /// The model itself gives the pointer to an object that is not there.
    @Test(arguments: [Float(0), -2])
    func anAbsentObjectHasNoMask(objectScore: Float) async throws {
        for isTracked in [false, true] {
            let (mask, _, isAbsent) = try await choice(
                logits: Self.plain,
                objectScore: objectScore,
                isTracked: isTracked
            )
            #expect(mask.logits == [-1024, -1024, -1024, -1024] && mask.objectScore == objectScore)
            #expect(mask.iou == (isTracked ? 0.9 : 0.5) && isAbsent)
        }
    }
}
