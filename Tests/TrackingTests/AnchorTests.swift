import Testing
import Tracking

/// Which tracked frames become anchors of `MemoryRules.dam`.
@Suite struct AnchorTests {
    private static let side = 10

    /// What the decoder offers on a frame: a mask of some pixels in two columns, and another mask.
    private struct Offer {
        var area = 20
        var iou: Float = 0.9
        /// The alternative has a pixel in this column of the last row.
        var distractor: Int? = 9
        var objectScore: Float = 3

        var masks: DecodedMasks {
            let side = AnchorTests.side
            let object = (0..<side * side).map { pixel -> Float in
                let (row, column) = pixel.quotientAndRemainder(dividingBy: side)
                return column < 2 && 2 * row + column < area ? 1 : -1
            }
            var other = object
            if let distractor { other[side * (side - 1) + distractor] = 1 }
            return DecodedMasks(
                masks: [object, object, object, other],
                ious: [0.1, 0.2, iou, 0.1],
                pointers: Array(repeating: [0, 0], count: 4),
                objectScore: objectScore,
                noObjectPointer: [-1, -1]
            )
        }
    }

    /// The anchors after so many frames.
    private func anchors(
        _ frames: Int,
        prompts: [Int: DecoderPrompt] = [0: .point],
        rules: MemoryRules = .dam,
        _ offer: @escaping @Sendable (Int) -> Offer
    ) async throws -> [Int] {
        var traits = FakeModel.traits(rules: rules)
        traits.maskSize = Self.side
        let model = FakeModel(traits) { offer($0.frame).masks }
        var tracker = ObjectTracker(prompts, model)
        var anchors: Set<Int> = []
        for frame in 0..<frames {
            _ = try await tracker.track(frame, frame: frame, with: model)
            anchors.formUnion(tracker.bank.anchors.keys)
        }
        return anchors.sorted()
    }

    @Test func anchorsAreMoreThanFiveFramesApart() async throws {
        #expect(try await anchors(30) { _ in Offer() } == [6, 12, 18, 24])
    }

    @Test func aPromptedFrameCountsAsAnAnchor() async throws {
        let found = try await anchors(20, prompts: [0: .point, 9: .point]) { _ in Offer() }
        #expect(found == [6, 15])
    }

    @Test func theStandardRulesHaveNone() async throws {
        #expect(try await anchors(30, rules: .standard) { _ in Offer() } == [])
    }

    @Test(arguments: [(Float(0.8), [Int]()), (Float(0.8).nextUp, [6]), (Float(0.99), [6])])
    func theModelIsSure(iou: Float, expected: [Int]) async throws {
        #expect(try await anchors(8) { _ in Offer(iou: iou) } == expected)
    }

    /// The median is 10 of 7 areas.
    @Test(arguments: [(7, [Int]()), (8, [6]), (12, [6]), (13, [])])
    func theAreaIsAsBefore(area: Int, expected: [Int]) async throws {
        let found = try await anchors(7) { Offer(area: $0 < 6 ? 10 : area) }
        #expect(found == expected)
    }

    /// Of five areas and five others the median is between them.
    @Test func theMedianIsOfTheLastTenAreas() async throws {
        let found = try await anchors(31) {
            Offer(area: $0 < 20 ? 20 : 10, distractor: $0 < 20 ? nil : 9)
        }
        #expect(found == [25])
    }

    @Test func emptyMasksDoNotCountAsAreas() async throws {
        let found = try await anchors(61) { frame in
            let isVisible = frame < 20 || frame.isMultiple(of: 4)
            return Offer(
                area: isVisible ? (frame < 20 ? 20 : 10) : 0,
                distractor: frame < 20 ? nil : 9
            )
        }
        #expect(found == [40, 48, 56])
    }

    @Test(arguments: [(299, [Int]()), (300, [300])])
    func areasOfLongAgoDoNotCount(frame: Int, expected: [Int]) async throws {
        let found = try await anchors(frame + 1) {
            Offer(area: $0 == 0 ? 20 : $0 == frame ? 10 : 0)
        }
        #expect(found == expected)
    }

    @Test(arguments: [(Float(0), [Int]()), (Float(1), [6])])
    func anObjectThatIsAbsentIsNoAnchor(score: Float, expected: [Int]) async throws {
        #expect(try await anchors(7) { Offer(objectScore: $0 == 6 ? score : 3) } == expected)
    }

    /// The mask has the first two columns.
    @Test(arguments: [(nil, [Int]()), (1, []), (2, [6]), (9, [6])] as [(Int?, [Int])])
    func somethingIsBesideTheObject(distractor: Int?, expected: [Int]) async throws {
        #expect(try await anchors(7) { _ in Offer(distractor: distractor) } == expected)
    }

    /// Boxes of one row.
    @Test(arguments: [(7, 10, [6]), (8, 11, []), (5, 7, []), (5, 8, [6])])
    func theBoxGrowsEnough(columns: Int, joined: Int, expected: [Int]) async throws {
        var traits = FakeModel.traits(rules: .dam)
        traits.maskSize = 11
        let row = { @Sendable (range: Range<Int>) in
            (0..<121).map { range.contains($0) ? Float(1) : -1 }
        }
        let object = row(0..<columns)
        let model = FakeModel(traits) { question in
            FakeModel.masks(
                of: question.frame,
                logits: [object, object, object, row(joined - 1..<joined)]
            )
        }
        var tracker = ObjectTracker([0: .point], model)
        for frame in 0...6 { _ = try await tracker.track(frame, frame: frame, with: model) }
        #expect(tracker.bank.anchors.keys.sorted() == expected)
    }

    /// The single mask is no alternative.
    @Test func onlyMasksThatCouldHaveBeenTakenAreAlternatives() async throws {
        var traits = FakeModel.traits(rules: .dam)
        traits.maskSize = 2
        for (alternative, expected) in [(0, []), (1, [6]), (3, [6])] {
            let model = FakeModel(traits) { question in
                var logits = Array(repeating: [1, -1, -1, -1] as [Float], count: 4)
                logits[alternative] = [1, 1, -1, -1]
                return FakeModel.masks(of: question.frame, logits: logits)
            }
            var tracker = ObjectTracker([0: .point], model)
            for frame in 0...6 { _ = try await tracker.track(frame, frame: frame, with: model) }
            #expect(tracker.bank.anchors.keys.sorted() == expected)
        }
    }

    /// Its memory is that of a tracked frame: not binarized.
    @Test func anAnchorIsEncodedAsItWasTracked() async throws {
        var traits = FakeModel.traits(rules: .dam)
        traits.maskSize = Self.side
        let model = FakeModel(traits) { _ in Offer().masks }
        var tracker = ObjectTracker([0: .point], model)
        for frame in 0...6 { _ = try await tracker.track(frame, frame: frame, with: model) }
        #expect(tracker.bank.anchors.keys.sorted() == [6])
        #expect(Set(model.memories[0].mask) == [1000, -1000])
        #expect(model.memories[6].mask == model.memories[5].mask)
    }
}
