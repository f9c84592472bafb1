import TestSupport
import Testing
import Tracking

/// Which frames are attended to with `MemoryRules.dam`.
@Suite struct DistractorAwareMemoryTests {
    /// What a frame shows.
    private enum Sight: CaseIterable {
        case object, distractor, nothing
    }

    /// A model that sees this, of 2 · 2 pixels: a distractor doubles the mask's box.
    private func model(
        _ traits: TrackingTraits = FakeModel.traits(rules: .dam),
        _ sight: @escaping @Sendable (Int) -> Sight
    ) -> FakeModel {
        FakeModel(traits) { question in
            let object: [Float] = [1, -1, -1, -1]
            let sight = sight(question.frame)
            return FakeModel.masks(
                of: question.frame,
                logits: [object, object, object, sight == .distractor ? [1, 1, -1, -1] : object],
                objectScore: sight == .nothing ? -3 : 3
            )
        }
    }

    private func track(
        _ prompts: [Int: DecoderPrompt],
        _ direction: Direction,
        _ frames: some Sequence<Int>,
        _ model: FakeModel
    ) async throws -> ObjectTracker {
        var tracker = ObjectTracker(prompts, model, direction)
        for frame in frames { _ = try await tracker.track(frame, frame: frame, with: model) }
        return tracker
    }

    /// Frames with their temporal encodings: 6 for the prompted one.
    @Test(arguments: [
        (1, [[0, 6]]), (2, [[0, 6], [1, 0]]), (6, [[0, 6], [5, 0]]),
        (7, [[0, 6], [5, 1], [6, 0]]),
        (42, [[0, 6], [20, 5], [25, 4], [30, 3], [35, 2], [40, 1], [41, 0]]),
        (41, [[0, 6], [15, 5], [20, 4], [25, 3], [30, 2], [35, 1], [40, 0]]),
    ])
    func everyFifthFrameIsAttendedTo(frame: Int, expected: [[Int]]) async throws {
        let forward = model { _ in .object }
        _ = try await track([0: .point], .forward, 0...frame, forward)
        #expect(forward.questions.last?.selection?.frames == expected)

        // Counted from the start frame, in both directions.
        let later = model { _ in .object }
        _ = try await track([3: .point], .forward, 3...frame + 3, later)
        #expect(later.questions.last?.selection?.frames == expected.map { [$0[0] + 3, $0[1]] })
        let backward = model { _ in .object }
        _ = try await track([52: .point], .backward, (52 - frame...52).reversed(), backward)
        #expect(backward.questions.last?.selection?.frames == expected.map { [52 - $0[0], $0[1]] })
    }

    @Test func framesWithoutTheObjectAreSkipped() async throws {
        let model = model { (9...11).contains($0) || $0 == 15 ? .nothing : .object }
        _ = try await track([0: .point], .forward, 0...16, model)
        let asked = { (frame: Int) in model.questions[frame].selection }
        // 8 is the last one that shows it.
        #expect(asked(10)?.frames == [[0, 6], [5, 1], [8, 0]])
        #expect(asked(12)?.frames == [[0, 6], [5, 1], [8, 0]])
        #expect(asked(16)?.frames == [[0, 6], [5, 1], [14, 0]])
        #expect(asked(12)?.pointerFrames == [[0, 12]] + (1...8).reversed().map { [$0, 12 - $0] })
        // Nothing is encoded that nobody attends to.
        #expect(model.memories.map(\.frame) == Array(0...8) + [12, 13, 14, 16])
    }

    @Test func theStartFrameAndTheNearestThreeAnchorsAreAttendedTo() async throws {
        let model = model { [8, 15, 22, 30].contains($0) ? .distractor : .object }
        let tracker = try await track([0: .point], .forward, 0...33, model)
        #expect(tracker.bank.anchors.keys.sorted() == [15, 22, 30])
        let asked = { (frame: Int) in model.questions[frame].selection }
        // The latest frame is an anchor.
        #expect(asked(9)?.frames == [[0, 6], [8, 6], [5, 0]])
        #expect(
            asked(23)?.frames == [
                [0, 6], [8, 6], [15, 6], [22, 6], [5, 2], [10, 1], [20, 0],
            ]
        )
        // The anchor on frame 8 is one no more, and no fifth frame either.
        #expect(
            asked(33)?.frames == [
                [0, 6], [15, 6], [22, 6], [30, 6], [20, 2], [25, 1], [32, 0],
            ]
        )
        let pointers = asked(33)?.pointerFrames ?? []
        #expect(pointers.prefix(4) == [[0, 33], [15, 18], [22, 11], [30, 3]])
        #expect(
            pointers.dropFirst(4).map { $0[0] } == [
                32, 31, 29, 28, 27, 26, 25, 24, 23, 21, 20, 19, 18,
            ]
        )
    }

    @Test func anAnchorOfLongAgoIsAFifthFrameAgain() async throws {
        let model = model { [10, 16, 22, 28].contains($0) ? .distractor : .object }
        _ = try await track([0: .point], .forward, 0...29, model)
        #expect(
            model.questions.last?.selection?.frames
                == [[0, 6], [16, 6], [22, 6], [28, 6], [15, 2], [20, 1], [25, 0]]
        )
        let few = self.model {
            [10, 16, 22, 28].contains($0)
                ? .distractor : (15...28).contains($0) ? .nothing : .object
        }
        _ = try await track([0: .point], .forward, 0...29, few)
        #expect(
            few.questions.last?.selection?.frames
                == [[0, 6], [16, 6], [22, 6], [28, 6], [5, 1], [10, 0]]
        )
    }

    /// What a user has said is attended to, and anchors where there are places left.
    @Test func promptedFramesComeBeforeAnchors() async throws {
        let prompts: [Int: DecoderPrompt] = [0: .point, 3: .point, 4: .point, 20: .point]
        let model = model { [10, 16].contains($0) ? .distractor : .object }
        let tracker = try await track(prompts, .forward, 0...21, model)
        #expect(tracker.bank.anchors.keys.sorted() == [10, 16])
        #expect(
            model.questions.first { $0.frame == 19 }?.selection?.frames
                == [[0, 6], [3, 6], [4, 6], [16, 6], [10, 2], [15, 1], [18, 0]]
        )
        #expect(
            model.questions.last?.selection?.frames
                == [[0, 6], [3, 6], [4, 6], [20, 6], [5, 2], [10, 1], [15, 0]]
        )
    }

    @Test(arguments: [
        (1, [[0, 6]]), (2, [[0, 6], [28, 0]]), (3, [[0, 6], [22, 6], [28, 0]]),
        (5, [[0, 6], [10, 6], [16, 6], [22, 6], [28, 0]]),
    ])
    func fewerMemoriesKeepTheLatestFrame(most: Int, expected: [[Int]]) async throws {
        var traits = FakeModel.traits(rules: .dam)
        traits.attendedMemories = most
        let model = model(traits) { [10, 16, 22].contains($0) ? .distractor : .object }
        _ = try await track([0: .point], .forward, 0...29, model)
        #expect(model.questions.last?.selection?.frames == expected)
    }

    @Test(arguments: 0..<24)
    func everySelectionIsThatOfABankThatKeepsEverything(seed: UInt64) async throws {
        var generator = Mutator(seed: seed)
        let sights = (0..<80).map { _ in
            [Sight.object, .object, .distractor, .nothing].randomElement(using: &generator)
                ?? .object
        }
        let hidden = Int.random(in: 0...60, using: &generator)
        let isLong = Bool.random(using: &generator)
        var traits = FakeModel.traits(
            memories: [7, 7, 4, 2].randomElement(using: &generator) ?? 7,
            pointers: [16, 16, 3].randomElement(using: &generator) ?? 16,
            rules: .dam
        )
        traits.attendedMemories = Int.random(in: 1...traits.memories, using: &generator)
        let direction: Direction = Bool.random(using: &generator) ? .forward : .backward
        let start = direction == .forward ? Int.random(in: 0...4, using: &generator) : 79
        var prompts: [Int: DecoderPrompt] = [start: .point]
        for _ in 0..<Int.random(in: 0...5, using: &generator) where direction == .forward {
            prompts[Int.random(in: start..<80, using: &generator)] = .point
        }
        let model = model(traits) { frame in
            isLong && hidden..<hidden + 20 ~= frame ? .nothing : sights[frame]
        }
        let frames = direction == .forward ? Array(start..<80) : Array((0..<80).reversed())
        var tracker = ObjectTracker(prompts, model, direction)
        var reference = DistractorAwareReference(traits, direction, start: start)
        for frame in frames {
            let expected = reference.selection(for: frame)
            let mask = try await tracker.track(frame, frame: frame, with: model)
            if frame != start {
                let selection = model.questions.last?.selection
                #expect(selection?.frames == expected.memories, "frame \(frame)")
                #expect(
                    selection?.pointers.map { Int($0.pointer[0]) } == expected.pointers,
                    "frame \(frame)"
                )
            }
            if direction == .forward && prompts[frame] != nil || frame == start {
                reference.prompted.append(frame)
            } else if tracker.bank.anchors[frame] != nil {
                reference.anchors.append(frame)
            } else if mask.objectScore > 0 {
                reference.others.append(frame)
            }
        }
        #expect(reference.others.count > 5)
    }

    @Test(arguments: [Direction.forward, .backward])
    func whatIsOfNoUseIsForgotten(direction: Direction) async throws {
        let model = model { $0.isMultiple(of: 3) ? .distractor : .object }
        let start = direction == .forward ? 0 : 1000
        var tracker = ObjectTracker([start: .point], model, direction)
        for step in 0...1000 {
            let frame = abs(start - step)
            _ = try await tracker.track(frame, frame: frame, with: model)
            let bank = tracker.bank
            #expect(bank.conditioning.count == 1 && bank.anchors.count <= 3)
            #expect(bank.recent.count <= 15 + 7 && bank.areas.count <= 10)
            #expect(bank.recent.count { $0.value.memory != nil } <= 8)
        }
        #expect(tracker.bank.anchors.count == 3)
    }

    @Test func aTrackerContinuesFromABankOfMemories() async throws {
        let prompts: [Int: DecoderPrompt] = [0: .point, 30: .twoPoints]
        let sight = { @Sendable (frame: Int) -> Sight in
            frame % 7 == 0 ? .distractor : (40...44).contains(frame) ? .nothing : .object
        }
        let whole = model { sight($0) }
        _ = try await track(prompts, .forward, 0..<60, whole)
        for pause in [1, 8, 30, 31, 42] {
            let (first, second) = (model { sight($0) }, model { sight($0) })
            let tracker = try await track(prompts, .forward, 0..<pause, first)
            let bank = MemoryBank(
                second.traits,
                .forward,
                conditioning: tracker.bank.conditioning,
                recent: tracker.bank.recent,
                anchors: tracker.bank.anchors,
                areas: tracker.bank.areas
            )
            #expect(bank == tracker.bank)
            var next = ObjectTracker(object: 1, prompts: prompts, direction: .forward, bank: bank)
            for frame in pause..<60 { _ = try await next.track(frame, frame: frame, with: second) }
            #expect(first.questions + second.questions == whole.questions)
        }
    }
}

/// The rules as they are described, by a bank that keeps everything and chooses for every frame
/// anew.
private struct DistractorAwareReference {
    private let traits: TrackingTraits
    private let direction: Direction
    private let start: Int
    var prompted: [Int] = []
    var anchors: [Int] = []
    var others: [Int] = []

    init(_ traits: TrackingTraits, _ direction: Direction, start: Int) {
        (self.traits, self.direction, self.start) = (traits, direction, start)
    }

    /// Memories as frames with their temporal encodings, and frames of pointers.
    func selection(for frame: Int) -> (memories: [[Int]], pointers: [Int]) {
        let age = { direction == .forward ? frame - $0 : $0 - frame }
        let all = (prompted + anchors + others).sorted { age($0) < age($1) }
        let places = max(0, min(4, traits.attendedMemories - 1) - prompted.count)
        let attended = prompted + Array(anchors.suffix(places))
        let left = all.filter { !attended.contains($0) }
        let count =
            traits.attendedMemories
            - min(attended.count, max(1, min(4, traits.attendedMemories - 1)))
        let recent = left.filter { $0 == all.first || (age(start) - age($0)) % 5 == 0 }
            .prefix(count).enumerated().reversed()
        let memories = attended.map { [$0, traits.memories - 1] } + recent.map { [$1, $0] }
        let pointers = attended.sorted() + left.filter { age($0) < traits.pointers }
        return (memories, pointers)
    }
}
