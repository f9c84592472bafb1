import Testing
import Tracking

/// Which memories are kept, and which are attended to.
@Suite struct MemoryBankTests {
    /// Tracks an object on frames one after the other.
    ///
    /// - Returns: what the model was asked.
    private func track(
        _ prompts: [Int: DecoderPrompt],
        _ direction: Direction,
        _ frames: some Sequence<Int>,
        _ model: FakeModel = FakeModel()
    ) async throws -> [FakeModel.Question] {
        var tracker = ObjectTracker(prompts, model, direction)
        for frame in frames { _ = try await tracker.track(frame, frame: frame, with: model) }
        return model.questions
    }

    /// Frames with their temporal encodings: 6 for the prompted one.
    @Test(arguments: [
        (1, [[0, 6]]), (3, [[0, 6], [1, 1], [2, 0]]),
        (7, [[0, 6], [1, 5], [2, 4], [3, 3], [4, 2], [5, 1], [6, 0]]),
        (20, [[0, 6], [14, 5], [15, 4], [16, 3], [17, 2], [18, 1], [19, 0]]),
    ])
    func theLatestFramesAndThePromptedOneAreAttendedTo(frame: Int, expected: [[Int]]) async throws {
        let forward = try await track([0: .point], .forward, 0...frame)
        #expect(forward.last?.selection?.frames == expected)

        // The same the other way round, from frame 50.
        let backward = try await track([50: .point], .backward, (50 - frame...50).reversed())
        #expect(backward.last?.selection?.frames == expected.map { [50 - $0[0], $0[1]] })
    }

    @Test func fewerMemoriesAreTheNearestOnes() async throws {
        for (most, expected) in [
            (3, [[0, 6], [18, 1], [19, 0]]), (1, [[0, 6]]),
            (9, [[0, 6], [14, 5], [15, 4], [16, 3], [17, 2], [18, 1], [19, 0]]),
        ] {
            var traits = FakeModel.traits()
            traits.attendedMemories = min(most, traits.memories)
            let questions = try await track([0: .point], .forward, 0...20, FakeModel(traits))
            #expect(questions.last?.selection?.frames == expected)
            // Pointers are as many as ever.
            #expect(questions.last?.selection?.pointers.count == 16)
        }
    }

    /// Frames with how long ago they are.
    @Test(arguments: [
        (1, [[0, 1]]), (3, [[0, 3], [2, 1], [1, 2]]),
        (20, [[0, 20]] + (1...15).map { [20 - $0, $0] }),
    ])
    func pointersSayHowLongAgoTheyWereMade(frame: Int, expected: [[Int]]) async throws {
        let forward = try await track([0: .point], .forward, 0...frame)
        #expect(forward.last?.selection?.pointerFrames == expected)

        let backward = try await track([50: .point], .backward, (50 - frame...50).reversed())
        #expect(backward.last?.selection?.pointerFrames == expected.map { [50 - $0[0], $0[1]] })
    }

    @Test(arguments: [
        (7, 16, -1), (7, 16, 4), (7, 16, 2), (7, 16, 3), (4, 16, 2), (7, 3, -1), (2, 8, 2),
        (16, 4, 3),
    ])
    func everySelectionIsTheReferences(memories: Int, pointers: Int, most: Int) async throws {
        let traits = FakeModel.traits(
            memories: memories,
            pointers: pointers,
            conditioningFrames: most == -1 ? nil : most
        )
        for corrected in [
            [], [4], [3, 4, 5, 6, 7, 8], [2, 9, 11, 30], Array(stride(from: 5, to: 50, by: 3)),
        ] {
            for start in [0, 2] {
                let prompted = [start] + corrected.map { start + $0 }
                let model = FakeModel(traits)
                let questions = try await track(
                    Dictionary(uniqueKeysWithValues: prompted.map { ($0, .point) }),
                    .forward,
                    start..<60,
                    model
                )
                let reference = ReferenceBank(
                    memories: memories,
                    pointers: pointers,
                    conditioningFrames: most,
                    isReversed: false
                )
                expect(questions, reference, prompted, Array(start..<60), span: pointers - 1)
            }
        }
        let model = FakeModel(traits)
        let way = Array((0...40).reversed())
        let questions = try await track([40: .point, 45: .point], .backward, way, model)
        let reference = ReferenceBank(
            memories: memories,
            pointers: pointers,
            conditioningFrames: most,
            isReversed: true
        )
        expect(questions, reference, [40], way, span: pointers - 1)
    }

    private func expect(
        _ questions: [FakeModel.Question],
        _ reference: ReferenceBank,
        _ prompted: [Int],
        _ frames: [Int],
        span: Int
    ) {
        var reference = reference
        for frame in frames {
            if frame == prompted[0] {
                reference.conditioning.append(frame)
                continue
            }
            let asked = questions.filter { $0.frame == frame }
            // What is corrected is tracked first, with the same memories.
            #expect(asked.count == (prompted.contains(frame) ? 2 : 1))
            for selection in asked.map(\.selection) {
                let pointers = selection?.pointers.map {
                    [Int($0.pointer[0]), Int(($0.time * Double(span)).rounded())]
                }
                #expect(selection?.frames == reference.memories(for: frame), "frame \(frame)")
                #expect(pointers == reference.pointers(for: frame), "frame \(frame)")
            }
            if prompted.contains(frame) {
                reference.conditioning.append(frame)
            } else {
                reference.others.insert(frame)
            }
        }
    }

    @Test(arguments: [Direction.forward, .backward])
    func whatIsOfNoUseIsForgotten(direction: Direction) async throws {
        let model = FakeModel()
        let start = direction == .forward ? 0 : 1000
        var tracker = ObjectTracker([start: .point], model, direction)
        for step in 0...1000 {
            let frame = abs(start - step)
            _ = try await tracker.track(frame, frame: frame, with: model)
            #expect(tracker.bank.conditioning.count == 1)
            #expect(tracker.bank.recent.count == min(step, 15))
            #expect(tracker.bank.recent.count { $0.value.memory != nil } == min(step, 6))
        }
    }

    @Test func aTrackerContinuesFromABankOfMemories() async throws {
        let prompts: [Int: DecoderPrompt] = [0: .point, 9: .twoPoints]
        let whole = FakeModel()
        _ = try await track(prompts, .forward, 0..<40, whole)
        for pause in [1, 5, 9, 10, 26] {
            let (first, second) = (FakeModel(), FakeModel())
            var tracker = ObjectTracker(prompts, first, .forward)
            for frame in 0..<pause { _ = try await tracker.track(frame, frame: frame, with: first) }
            let bank = MemoryBank(
                second.traits,
                .forward,
                conditioning: tracker.bank.conditioning,
                recent: tracker.bank.recent
            )
            #expect(bank == tracker.bank)
            var next = ObjectTracker(object: 1, prompts: prompts, direction: .forward, bank: bank)
            for frame in pause..<40 { _ = try await next.track(frame, frame: frame, with: second) }
            #expect(first.questions + second.questions == whole.questions)
            #expect(first.memories + second.memories == whole.memories)
        }
    }
}
