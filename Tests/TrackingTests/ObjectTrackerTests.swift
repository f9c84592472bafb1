import Imaging
import Testing
import Tracking

/// What the model is asked for an object's frames.
@Suite struct ObjectTrackerTests {
    private static let saturated: Float = 1000

    @Test(arguments: [Direction.forward, .backward])
    func theFirstFrameIsDecodedOnceWithoutMemories(direction: Direction) async throws {
        let model = FakeModel()
        var tracker = ObjectTracker([4: .point], model, direction)
        let mask = try await tracker.track(4, frame: 4, with: model)

        #expect(model.questions.count == 1)
        #expect(model.questions.first?.conditioned == model.initial(4))
        #expect(model.questions.first?.prompt == .point)
        // With one point the best of three: that of the highest IoU.
        #expect(mask.iou == 0.9 && mask.logits == [3, 3, 3, 3] && mask.objectScore == 3)
        // The mask of a prompted frame is binarized for memory.
        #expect(model.memories.map(\.mask) == [Array(repeating: Self.saturated, count: 64)])
        #expect(model.memories.map(\.isAbsent) == [false])
        #expect(tracker.bank.conditioning[4]?.pointer == [4, 2])
        #expect(tracker.bank.recent.isEmpty)
    }

    @Test func aTrackedFramesLogitsAreEncodedAsTheyAre() async throws {
        let logits: [Float] = [-3, 1, 2, -7]
        let model = FakeModel { question in
            FakeModel.masks(of: question.frame, logits: Array(repeating: logits, count: 4))
        }
        var tracker = ObjectTracker([0: .point], model)
        for frame in 0...1 { _ = try await tracker.track(frame, frame: frame, with: model) }

        let full = BilinearResize(from: (2, 2), to: (8, 8)).resized(logits)
        #expect(model.memories[1].mask == full)
        #expect(model.memories[0].mask == full.map { $0 > 0 ? Self.saturated : -Self.saturated })
        #expect(model.questions[1].prompt == DecoderPrompt())
        #expect(tracker.bank.recent[1]?.pointer == [1, 2] && tracker.bank.conditioning.count == 1)
    }

    @Test func aCorrectionIsDecodedTwiceAndKeptForEver() async throws {
        // What is tracked goes beyond the range that a prompt may have.
        let model = FakeModel { question in
            let isCorrected = question.prompt.mask != nil
            let logits: [Float] = isCorrected ? [-1, 1, -1, 1] : [-40, 31, 50, -32.5]
            return FakeModel.masks(
                of: question.frame + (isCorrected ? 100 : 0),
                logits: Array(repeating: logits, count: 4)
            )
        }
        var tracker = ObjectTracker([0: .point, 3: .twoPoints], model)
        var masks: [TrackedMask] = []
        for frame in 0...5 {
            masks.append(try await tracker.track(frame, frame: frame, with: model))
        }

        let asked = model.questions.filter { $0.frame == 3 }
        #expect(asked.count == 2)
        #expect(asked.first?.prompt == DecoderPrompt())
        #expect(
            asked.last?.prompt
                == DecoderPrompt(
                    points: DecoderPrompt.twoPoints.points,
                    mask: .logits([-32, 31, 32, -32])
                )
        )
        #expect(asked.first?.conditioned == asked.last?.conditioned)
        #expect(asked.first?.selection?.frames == [[0, 6], [1, 1], [2, 0]])
        #expect(masks[3].logits == [-1, 1, -1, 1])
        // It is encoded once, as prompted frames are, with the corrected mask.
        #expect(model.memories.map(\.frame) == [0, 1, 2, 3, 4, 5])
        #expect(Set(model.memories[3].mask) == [Self.saturated, -Self.saturated])
        #expect(tracker.bank.conditioning.keys.sorted() == [0, 3])
        #expect(tracker.bank.conditioning[3]?.pointer == [103, 0])
        #expect(tracker.bank.recent[3] == nil)
        #expect(
            model.questions.last?.selection?.frames == [
                [0, 6], [3, 6], [1, 3], [2, 2], [4, 0],
            ]
        )
    }

    @Test func backwardsOnlyTheFirstPromptCounts() async throws {
        let model = FakeModel()
        var tracker = ObjectTracker([6: .point], model, .backward)
        for frame in (0...6).reversed() {
            _ = try await tracker.track(frame, frame: frame, with: model)
        }
        #expect(model.questions.map(\.frame) == [6, 5, 4, 3, 2, 1, 0])
        #expect(model.questions.map(\.prompt.points.count) == [1, 0, 0, 0, 0, 0, 0])
        #expect(tracker.concerns(6) && tracker.concerns(0) && !tracker.concerns(7))
        #expect(!ObjectTracker([6: .point], model).concerns(5))
    }

    @Test(arguments: [0, 2])
    func aMaskIsTheResultAndTheDecoderGivesItsPointer(frame: Int) async throws {
        let model = FakeModel()
        let object = (0..<64).map { Float($0 % 8 < 4 ? 1 : 0) }
        let given = DecoderPrompt(mask: .object(object))
        var tracker = ObjectTracker(frame == 0 ? [0: given] : [0: .point, 2: given], model)
        var mask: TrackedMask?
        for frame in 0...frame { mask = try await tracker.track(frame, frame: frame, with: model) }

        let asked = model.questions.filter { $0.frame == frame }
        #expect(asked.map(\.conditioned) == [model.unconditioned(frame)])
        #expect(asked.map(\.prompt) == [given])
        let small = AntialiasedPlaneResize(from: (8, 8), to: (2, 2))
            .resized(object.map { $0 * 20 - 10 })
        #expect(mask == TrackedMask(logits: small, objectScore: 10, iou: 1))
        #expect(
            model.memories.last?.mask == object.map { $0 > 0 ? Self.saturated : -Self.saturated }
        )
        #expect(tracker.bank.conditioning[frame]?.pointer == [Float(frame), 2])
    }

    @Test func aMaskWithoutAnObjectSaysThatItIsAbsent() async throws {
        let model = FakeModel()
        let given = DecoderPrompt(mask: .object(Array(repeating: 0, count: 64)))
        var tracker = ObjectTracker([0: given], model)
        let mask = try await tracker.track(0, frame: 0, with: model)
        #expect(mask.objectScore == -10 && mask.logits.allSatisfy { abs($0 + 10) < 1e-4 })
        #expect(tracker.bank.conditioning[0]?.pointer == [-1, -1])
        #expect(model.memories.map(\.isAbsent) == [true])
    }
}
