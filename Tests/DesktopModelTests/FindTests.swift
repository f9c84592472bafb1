import DesktopModel
import Diagnostics
import Testing

/// Finding the object of a clip by its motion.
@MainActor
@Suite struct FindTests: SearchTests {
    let stage: AppStage

    init() throws { stage = try Self.makeStage() }

    @Test func theObjectIsProposedMovedAndTaken() async throws {
        try await showClip()
        try searchesShallFind(frame: 7, x: 50, score: 0.83)
        try await find()
        try await stage.eventually("its frame") { app.preview.frame == 7 }
        let proposal = try #require(app.marks.proposal)
        #expect(proposal.score == 0.83)
        #expect(!proposal.isUncertain)
        #expect(
            proposal.marks.map(\.kind) == [
                .point(x: 50, y: 30, isPositive: true),
                .box(left: 30, top: 5, right: 70, bottom: 60),
            ]
        )
        #expect(app.marks.marks == [])
        #expect(app.marks.shown(on: 7) == proposal.marks)
        #expect(app.proposalText?.contains("0.83") == true)

        app.marks.nudge(3, 0)
        app.marks.remove(try #require(app.marks.proposal?.marks.last?.id))
        app.marks.takeProposal()
        #expect(app.marks.proposal == nil)
        #expect(app.marks.marks.map(\.kind) == [.point(x: 53, y: 30, isPositive: true)])
        #expect(app.marks.marks.map(\.arguments) == [["--point", "53,30@7"]])
        await app.undo.undo()
        #expect(app.marks.marks == [])
        #expect(app.marks.proposal?.marks.count == 1)
        for _ in 0..<3 { await app.undo.undo() }
        #expect(app.marks.shown == [])
        for _ in 0..<4 { await app.undo.redo() }
        #expect(app.marks.marks.count == 1)
        #expect(await stage.close())
        #expect(app.notices.failures == [])
    }

    @Test func aSecondProposalReplacesTheFirstAndIsDiscarded() async throws {
        try await showClip()
        app.marks.add(.point(x: 1, y: 2, isPositive: false), on: 0)
        try searchesShallFind(frame: 7, x: 50, score: 0.83)
        try await find()
        try searchesShallFind(frame: 12, x: 90, score: 0.31)
        try await find()
        try await stage.eventually("its frame") { app.preview.frame == 12 }
        #expect(app.marks.proposal?.marks.map(\.frame) == [12, 12])
        #expect(app.marks.proposal?.isUncertain == true)
        #expect(app.proposalText?.contains("Not sure") == true)
        #expect(app.marks.shown.count == 3)
        // It is not forgotten while the video is shown.
        app.showVideo()
        try await stage.eventually("the video") { app.marks.proposal == nil }
        app.showClip()
        try await stage.eventually("the clip") { app.marks.proposal != nil }
        app.marks.discardProposal()
        #expect(app.marks.proposal == nil)
        #expect(app.marks.shown.map(\.kind) == [.point(x: 1, y: 2, isPositive: false)])
        await app.undo.undo()
        #expect(app.marks.proposal?.score == 0.31)
        #expect(await stage.close())
        #expect(app.notices.failures == [])
    }

    @Test func whatIsNotFoundIsToldFriendly() async throws {
        try await showClip()
        try searchesShall(
            """
            echo '{"v":1,"event":"failed","code":"nothingFound","what":"w","why":"y"}'
            exit 7
            """
        )
        try await find()
        #expect(app.marks.shown == [])
        #expect(app.notices.takeToasts().map(\.text).first?.contains("Click the object") == true)
        #expect(app.notices.failures == [])
        try searchesShall("kill -KILL $$")
        try await find()
        #expect(app.notices.takeFailures().map(\.code) == [.toolFailed])
        #expect(app.findObstacle == nil)
        #expect(await stage.close())
    }

    @Test func aSearchIsCancelled() async throws {
        try await showClip()
        try searchesShall(
            """
            echo '{"v":1,"event":"progress","unit":"frame","done":3,"total":80,"totalIsEstimate":true}'
            exec sleep 600
            """
        )
        app.findObject()
        try await stage.eventually("progress") { app.finder.run?.progress?.done == 3 }
        #expect(app.findObstacle != nil)
        app.finder.cancel()
        try await stage.eventually("its end") { app.finder.run == nil }
        #expect(app.marks.shown == [])
        // Closing the app ends a search, too.
        app.findObject()
        try await stage.eventually("progress") { app.finder.run?.progress?.done == 3 }
        #expect(await stage.close())
        #expect(app.finder.run == nil)
        #expect(app.notices.failures == [])
        #expect(app.notices.toasts.isEmpty)
    }

    @Test func whatIsFoundWhileTheVideoIsShownIsTold() async throws {
        try await showClip()
        try searchesShallFind(frame: 7, x: 50, score: 0.83)
        app.findObject()
        app.showVideo()
        try await stage.eventually("the toast") { !app.notices.toasts.isEmpty }
        #expect(app.preview.clip == nil)
        let toast = try #require(app.notices.takeToasts().first)
        #expect(toast.button != nil)
        toast.action()
        try await stage.eventually("the frame") {
            app.marks.proposal != nil && app.preview.properties != nil && app.preview.frame == 7
        }
        #expect(await stage.close())
    }
}
