import DesktopModel
import Diagnostics
import Files
import Glibc
import TestSupport
import Testing

/// Finding the object of a clip, with a stand-in for `8cut detect`.
@MainActor
@Suite struct FindTests {
    private let stage: AppStage
    private var app: AppModel { stage.app }

    /// An app whose `8cut detect` is the shell script `detect` in its folder.
    init() throws {
        let folder = try TemporaryFolder()
        let path = folder["8cut"]
        try AtomicFile.write(
            """
            #!/bin/sh
            [ "$1" = detect ] || exec '\(Program.eightCut.string)' "$@"
            . '\(folder["detect"].string)'

            """,
            to: path
        )
        chmod(path.string, 0o755)
        stage = try AppStage(in: folder, program: path)
    }

    /// Sets what the next searches do.
    private func searchesShall(_ script: String) throws {
        try AtomicFile.write(script + "\n", to: stage.folder["detect"])
    }

    /// Sets what the next searches find: the fields of each object.
    private func searchesShallFind(_ objects: [String]) throws {
        // JSON inside of JSON, over several lines as `8cut detect` writes it.
        let line = { (text: String) in
            let inner = text.replacing("\"", with: #"\""#)
            return #"{"v":1,"event":"output","line":"\#(inner)"}"#
        }
        try searchesShall(
            """
            printf '%s\\n' "$@" >'\(stage.folder["arguments"].string)'
            cat <<'end'
            {"v":1,"event":"progress","unit":"frame","done":40,"total":80,"totalIsEstimate":true}
            \(line(#"{"v": 1, "candidates": ["#))
            \(line(objects.map { "{\($0)}" }.joined(separator: ",")))
            \(line("]}"))
            {"v":1,"event":"finished","frames":80,"seconds":1,"exitStatus":0,"summary":"s"}
            end
            """
        )
    }

    /// The arguments of the latest search.
    private func arguments() throws -> [String] {
        let text = try SmallFile.read(stage.folder["arguments"], limit: 1 << 16)
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func fields(frame: Int, x: Double, score: Double, query: String? = nil) -> String {
        let box = [x - 20, 5, x + 20, 60].map { "\($0)" }.joined(separator: ",")
        return #""frame":\#(frame),"point":[\#(x),30],"box":[\#(box)],"score":\#(score)"#
            + (query.map { #","query":"\#($0)""# } ?? "")
    }

    private func searchesShallFind(frame: Int, x: Double, score: Double) throws {
        try searchesShallFind([fields(frame: frame, x: x, score: score)])
    }

    /// Cuts a clip, and shows it to be marked.
    private func showClip() async throws {
        try await stage.start(with: try await stage.video())
        app.exportClip()
        try await stage.eventually("the clip") { app.masks.target != nil && !app.export.isRunning }
        #expect(app.findObstacle != nil)
        app.setMethod(.sam)
        try await stage.eventually("the clip's frame") {
            app.preview.clip != nil && app.preview.properties != nil
        }
        #expect(app.findObstacle == nil)
        _ = app.notices.takeToasts()
    }

    private func find(_ search: ObjectSearch? = nil) async throws {
        app.findObject(search)
        #expect(app.finder.run != nil)
        try await stage.eventually("the end of the search") { app.finder.run == nil }
    }

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
