import Detection
import Imaging
import Testing

/// What is meant of what a detector proposes.
@Suite struct TextFindingsTests {
    private func text(
        _ words: String,
        _ object: Int = 1,
        _ templates: QueryTemplates = .average
    ) throws -> SearchedText {
        try SearchedText(words, object: object, templates: templates)
    }

    /// Looks at blank frames with a detector that knows what is on them.
    private func search(
        _ texts: [SearchedText],
        _ detector: ListedDetector,
        frames: [Int],
        keeping kept: Int = 10
    ) async throws -> [FrameFindings] {
        let search = try await FrameSearch(texts, detector, keeping: kept)
        var findings: [FrameFindings] = []
        for frame in frames {
            findings.append(try await search.findings(on: ListedDetector.blank(frame)))
            if search.isClear(findings) { break }
        }
        return findings
    }

    @Test func aQueryIsAskedForInSevenSentencesOrAsItWasTyped() throws {
        let groups = try text("dog barking").groups
        #expect(groups.count == 1 && groups[0].count == 7)
        #expect(groups[0].contains("a photo of the large dog."))
        #expect(groups[0].allSatisfy { !$0.contains("bark") })
        #expect(try text("Dog barking!", 1, .none).groups == [["Dog barking!"]])
        // A species is asked for by its kind, too.
        #expect(try text("francolin calling").groups.count == 2)
        #expect(try text("francolin calling", 1, .none).groups.count == 1)
    }

    @Test func whatADetectorCannotReadIsLeftOut() throws {
        let long = try text("playing electric guitar in a large concert hall at night, dog barking")
        #expect(long.queries.map(\.text) == ["electric guitar", "dog"])
        let reads = { (most: Int) in
            try #require(long.limited { $0.utf8.count <= most })
        }
        #expect(try reads(100) == long)
        // Some of the sentences, the name alone, and one name only.
        let some = try reads(27)
        #expect(some.words == long.words && some.queries == long.queries)
        #expect(
            (1..<7).contains(some.groups[0].count) && some.groups[1].count > some.groups[0].count
        )
        #expect(try reads(16).groups[0] == ["electric guitar"])
        let dog = try reads(8)
        #expect(dog.queries.map(\.text) == ["dog"] && dog.groups == [["dog"]])
        #expect(long.limited { _ in false } == nil)
    }

    @Test(arguments: [
        ("", LabelQueries.Problem.empty), ("  \t", .empty), ("犬", .notEnglish),
        ("123", .notEnglish),
    ])
    func aTextWithNothingInItIsRefused(_ words: String, _ problem: LabelQueries.Problem) {
        for templates in QueryTemplates.allCases {
            #expect(throws: problem) { try SearchedText(words, templates: templates) }
        }
    }

    @Test func whatCannotBeSeenIsRefusedUnlessItIsAskedForAsItWasTyped() throws {
        #expect(throws: LabelQueries.Problem.noThing) { try SearchedText("thunder") }
        #expect(try text("thunder", 1, .none).queries.map(\.text) == ["thunder"])
    }

    @Test func theSearchEndsWhereEverythingIsSeenClearly() async throws {
        let detector = ListedDetector([
            7: [.init(10, 10, 40, 40, [0.7, 0.1])], 2: [.init(5, 5, 20, 20, [0.1, 0.61])],
            9: [.init(0, 0, 9, 9, [0.9, 0.9])],
        ])
        let texts = [try text("dog"), try text("violin", 2)]
        let found = try await search(texts, detector, frames: [7, 2, 9])
        #expect(found.map(\.frame) == [7, 2])
        let one = try await search(
            [texts[0]],
            ListedDetector([7: [.init(0, 0, 9, 9, [0.61])]]),
            frames: [7, 2]
        )
        #expect(one.map(\.frame) == [7])
    }

    @Test func theFrameWithTheBestScoreStartsTheObject() async throws {
        let detector = ListedDetector([
            7: [.init(10, 10, 40, 40, [0.3])],
            2: [.init(5, 5, 20, 20, [0.5]), .init(50, 50, 60, 60, [0.45])],
        ])
        let texts = [try text("dog barking", 3)]
        let frames = try await search(texts, detector, frames: [7, 2])
        let found = TextFindings(texts, frames, threshold: 0.2, count: .best(1))
        let thing = try #require(found.objects.first)
        #expect(found.objects.count == 1)
        #expect(thing.frame == 2 && thing.object == 3 && thing.query == "dog")
        #expect(thing.text == "dog barking" && thing.box == [5, 5, 20, 20])
        #expect(abs(thing.score - 0.5) < 1e-6 && abs(thing.logit) < 1e-6 && thing.objectness == -1)
        // Every frame has its best.
        #expect(found.all.map(\.frame) == [2, 7] && found.all.map(\.object) == [3, 3])
        #expect(found.listed(atLeast: 5).count == 2)
    }

    @Test func moreObjectsGetNumbersThatAreFree() async throws {
        let boxes: [ListedDetector.Box] = [
            .init(0, 0, 10, 10, [0.5, 0.1]), .init(20, 0, 30, 10, [0.4, 0.1]),
            .init(40, 0, 50, 10, [0.3, 0.55]), .init(60, 0, 70, 10, [0.24, 0.1]),
        ]
        let texts = [try text("dog"), try text("violin", 2)]
        let frames = try await search(texts, ListedDetector([0: boxes]), frames: [0])
        let objects = { (count: ThingCount, taken: Set<Int>) in
            TextFindings(texts, frames, threshold: 0.2, count: count, taken: taken).objects
                .map { [$0.object, Int($0.box[0])] }
        }
        #expect(objects(.best(1), []) == [[1, 0], [2, 40]])
        #expect(objects(.best(3), []) == [[1, 0], [3, 20], [4, 40], [2, 40]])
        #expect(objects(.best(3), [3]) == [[1, 0], [4, 20], [5, 40], [2, 40]])
        // All that reach half of the best score: the last of "dog" has less.
        #expect(objects(.all, []) == [[1, 0], [3, 20], [4, 40], [2, 40]])
    }

    @Test func whatIsBelowTheThresholdIsNotFoundButKnown() async throws {
        let detector = ListedDetector([4: [.init(1, 2, 30, 40, [0.19])], 8: []])
        let texts = [try text("dog")]
        let frames = try await search(texts, detector, frames: [8, 4])
        let found = TextFindings(texts, frames, threshold: 0.2, count: .all)
        #expect(found.objects.isEmpty && found.all.isEmpty)
        let best = try #require(found.best(of: 0))
        #expect(best.frame == 4 && abs(best.score - 0.19) < 1e-6)
        let none = TextFindings(texts, [frames[0]], threshold: 0.2, count: .all)
        #expect(none.best(of: 0) == nil)
    }

    @Test func aKindCountsLessThanTheNameAndTheyAreOneThing() async throws {
        let boxes: [ListedDetector.Box] = [
            .init(0, 0, 10, 10, [0.5, 0.6]), .init(1, 0, 10, 10, [0.1, 0.58]),
            .init(30, 0, 40, 10, [0.1, 0.5]),
        ]
        let texts = [try text("francolin calling")]
        let frames = try await search(texts, ListedDetector([0: boxes]), frames: [0])
        let found = TextFindings(texts, frames, threshold: 0.2, count: .best(5)).objects
        #expect(found.map(\.query) == ["francolin", "bird"])
        #expect(abs(found[1].score - 0.4) < 1e-6 && abs(found[1].logit) < 1e-6)
    }

    @Test func whatOthersHaveWrittenIsNotBelieved() async throws {
        let texts = [try text("dog")]
        let detector = ListedDetector([0: [.init(0, 0, 64, 36, [0.5])]])
        let frames = try await search(texts, detector, frames: [0])
        let thing = try #require(
            TextFindings(texts, frames, threshold: 0.2, count: .best(1)).objects.first
        )
        #expect(thing.isSound(width: 64, height: 36))
        #expect(!thing.isSound(width: 63, height: 36) && !thing.isSound(width: 64, height: 35))
    }

    @Test func whatIsPreferredIsTheTextsObjectWhateverItsScore() async throws {
        let detector = ListedDetector([
            0: [
                .init(0, 0, 10, 10, [0.5, 0.1]), .init(20, 0, 30, 10, [0.4, 0.1]),
                .init(40, 0, 50, 10, [0.1, 0.55]),
            ],
            9: [.init(60, 0, 70, 10, [0.45, 0.2])],
        ])
        let texts = [try text("dog"), try text("violin", 2)]
        let frames = try await search(texts, detector, frames: [0, 9])
        let found = TextFindings(texts, frames, threshold: 0.2, count: .best(2))
        let second = try #require(found.objects.first { $0.box[0] == 20 })
        #expect(second.object == 3)
        let preferred = found.preferring(second)
        #expect(
            preferred.objects.map { [$0.object, Int($0.box[0])] } == [[1, 20], [3, 0], [2, 40]]
        )
        // The best is still the best, and what is below the threshold is still left out.
        #expect(preferred.best(of: 0)?.box[0] == 0)
        #expect(preferred.listed(atLeast: 5).map(\.score) == found.listed(atLeast: 5).map(\.score))
        let others = preferred.preferring(try #require(found.objects.first { $0.object == 2 }))
        #expect(others.objects == preferred.objects)
    }

    @Test func aThingIsFollowedFromFrameToFrameAsFarAsItsBoxesOverlap() async throws {
        let detector = ListedDetector([
            0: [.init(0, 0, 20, 20, [0.3])],
            1: [.init(5, 0, 25, 20, [0.15]), .init(50, 0, 70, 20, [0.5])],
            2: [.init(10, 0, 30, 20, [0.5]), .init(50, 0, 70, 20, [0.4])],
            3: [.init(50, 0, 70, 20, [0.4])],
            4: [.init(10, 0, 30, 20, [0.5])],
        ])
        let frames = try await search([try text("dog")], detector, frames: [2, 4, 0, 3, 1])
        let found = TextFindings([try text("dog")], frames, threshold: 0.2, count: .best(2))
        let moving = try #require(found.all.first { $0.frame == 2 && $0.box[0] == 10 })
        // Not where it was missed in between.
        #expect(
            found.boxes(of: moving) == [
                0: [0, 0, 20, 20], 1: [5, 0, 25, 20], 2: [10, 0, 30, 20],
            ]
        )
        let still = try #require(found.all.first { $0.frame == 2 && $0.box[0] == 50 })
        #expect(found.boxes(of: still).keys.sorted() == [1, 2, 3])
    }
}
