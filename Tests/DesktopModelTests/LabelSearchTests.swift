import DesktopModel
import Testing

/// Finding what the clip's label names.
@MainActor
@Suite struct LabelSearchTests: SearchTests {
    let stage: AppStage

    init() throws { stage = try Self.makeStage() }

    private let byLabel = ObjectSearch.label("dog barking", detector: "owlv2-base")

    @Test func theLabelIsLookedForAndAnotherObjectIsTaken() async throws {
        try await showClip()
        try searchesShallFind([
            fields(frame: 7, x: 50, score: 0.61, query: "dog"),
            fields(frame: 7, x: 90, score: 0.43, query: "dog"),
            fields(frame: 12, x: 30, score: 0.24, query: "dog"),
            fields(frame: 7, x: 120, score: 0.19, query: "dog"),
        ])
        try await find(byLabel)
        for argument in [
            "detect", "--text=dog barking", "--text-model=owlv2-base", "--text-threshold=0",
            "--count=9", "--device=auto",
        ] {
            #expect(try arguments().contains(argument))
        }
        try await stage.eventually("its frame") { app.preview.frame == 7 }
        let proposal = try #require(app.marks.proposal)
        // What is below the threshold is not proposed.
        #expect(proposal.objects.map(\.score) == [0.61, 0.43, 0.24])
        #expect(proposal.outlines(on: 7).map(\.number) == [1, 2])
        #expect(proposal.outlines(on: 7).map(\.score) == ["0.61", "0.43"])
        #expect(proposal.outlines(on: 12).map(\.number) == [3])
        #expect(app.otherObjects.map(\.number) == [2, 3])
        #expect(app.otherObjects.map(\.object.query) == ["dog", "dog"])
        let text = try #require(app.proposalText)
        for part in ["0.61", "2–3 take another", "“dog barking”", "owlv2-base", "unproven"] {
            #expect(text.contains(part))
        }
        // The number stays at the box that is moved.
        app.marks.selectedID = proposal.marks.last?.id
        app.marks.nudge(10, 0)
        #expect(
            app.marks.proposal?.outlines(on: 7).first?.kind
                == .box(left: 40, top: 5, right: 80, bottom: 60)
        )
        #expect(!app.takeObject(4))
        #expect(!app.takeObject(0))
        #expect(app.takeObject(3))
        try await stage.eventually("its frame") { app.preview.frame == 12 }
        #expect(app.marks.proposal == nil)
        #expect(app.otherObjects.isEmpty)
        #expect(
            app.marks.marks.map(\.kind) == [
                .point(x: 30, y: 30, isPositive: true),
                .box(left: 10, top: 5, right: 50, bottom: 60),
            ]
        )
        #expect(app.marks.marks.map(\.frame) == [12, 12])
        #expect(!app.takeObject(1))
        await app.undo.undo()
        #expect(app.marks.proposal?.objects.count == 3)
        #expect(await stage.close())
        #expect(app.notices.failures == [])
    }

    @Test func aLabelThatIsNotFoundIsToldAndMotionIsOffered() async throws {
        try await showClip()
        try searchesShallFind([fields(frame: 7, x: 50, score: 0.123, query: "dog")])
        try await find(byLabel)
        #expect(app.marks.shown == [])
        var toast = try #require(app.notices.takeToasts().first)
        #expect(toast.text.contains("“dog barking” was not found in"))
        #expect(toast.text.contains("(best score 0.12)"))
        try searchesShall(
            """
            echo '{"v":1,"event":"failed","code":"nothingFound","what":"w","why":"y"}'
            exit 7
            """
        )
        try await find(byLabel)
        toast = try #require(app.notices.takeToasts().first)
        #expect(toast.text.contains("“dog barking” was not found in"))
        #expect(!toast.text.contains("score"))
        #expect(toast.button != nil)
        try searchesShallFind(frame: 12, x: 50, score: 0.1)
        toast.action()
        try await stage.eventually("the proposal") { app.marks.proposal != nil }
        #expect(app.marks.proposal?.search == .motion(because: nil))
        #expect(try !arguments().contains { $0.hasPrefix("--text") })
        #expect(await stage.close())
        #expect(app.notices.failures == [])
    }

    @Test func aLabelThatIsTooLongIsToldAndMotionIsOffered() async throws {
        try await showClip()
        try searchesShall(
            """
            echo '{"v":1,"event":"failed","code":"usage","what":"cannot look for","why":"tokens"}'
            exit 64
            """
        )
        try await find(byLabel)
        let toast = try #require(app.notices.takeToasts().first)
        #expect(toast.text.contains("“dog barking” is too long") && toast.button != nil)
        #expect(!toast.text.contains("token"))
        try searchesShallFind(frame: 12, x: 50, score: 0.1)
        toast.action()
        try await stage.eventually("the proposal") { app.marks.proposal != nil }
        #expect(await stage.close())
        #expect(app.notices.failures == [])
    }

    @Test func withoutALabelItIsMotion() async throws {
        try await showClip()
        #expect(app.objectSearch == .motion(because: .label(.empty)))
        try searchesShallFind(frame: 7, x: 50, score: 0.83)
        try await find()
        #expect(app.proposalText?.contains("by motion: the clip has no label") == true)
        #expect(await stage.close())
    }

    @Test func signsInALabelAreNoNumbers() async throws {
        try await showClip()
        try searchesShallFind([fields(frame: 7, x: 50, score: 0.83)])
        try await find(.label("dog@5#300", detector: "owlv2-base"))
        #expect(try arguments().contains("--text=dog 5 300"))
        #expect(await stage.close())
        #expect(app.notices.failures == [])
    }
}
