import ClipFinding
import DesktopModel
import Diagnostics
import Files
import FoundationEssentials
import Glibc
import SystemPackage
import TestSupport
import Testing

/// The search for clips without a window, in a real video with the real command line.
@MainActor
@Suite struct ClipFindTests {
    let stage: AppStage
    private var app: AppModel { stage.app }
    private var finding: ClipFindModel { app.finding }

    /// An app whose `8cut` keeps its caches in the folder of the test.
    init() throws {
        let folder = try TemporaryFolder()
        let path = folder["8cut"]
        try AtomicFile.write(
            """
            #!/bin/sh
            export XDG_CACHE_HOME='\(folder["cache"].string)'
            [ -e '\(folder["broken"].string)' ] && [ "$1" = find ] && kill -KILL $$
            exec '\(Program.eightCut.string)' "$@"

            """,
            to: path
        )
        chmod(path.string, 0o755)
        stage = try AppStage(in: folder, program: path)
    }

    /// Two shots of 20 s at 10 frames a second, with noise of which the second half is quiet.
    private func video() async throws -> FilePath {
        let path = stage.folder["shots.mp4"]
        let shot = "testsrc2=size=160x90:rate=10:duration=20"
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "\(shot)[a];\(shot),negate[b];[a][b]concat",
            "-f", "lavfi", "-i",
            "anoisesrc=r=48000:a=0.3:d=40,volume='if(gt(t,20),0.01,1)':eval=frame",
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le",
            "-f", "matroska", path.string,
        ])
        return path
    }

    /// Opens the page and scans the video.
    private func find() async throws {
        try await stage.start(with: try await video())
        app.startFinding()
        try await stage.eventually("the look-up") { finding.state == .unscanned }
        finding.scan()
        try await found()
    }

    private func found() async throws {
        try await stage.eventually("the clips") { finding.state == .ready && !finding.isBusy }
    }

    @Test func clipsAreFoundKeptRejectedAndExported() async throws {
        try await find()
        #expect(finding.shots.map(\.start) == [0, 200])
        // Two of 8 s fit into each shot.
        #expect(finding.queue.rows.count == 4)
        #expect(finding.summaryText == "4 found")
        #expect(finding.curve?.values.count == 400)
        let first = try #require(finding.queue.current)
        #expect(first.startFrame < 200)
        finding.moveStart(byFrames: 2)
        #expect(finding.queue.current?.startFrame == first.startFrame + 2)
        try await stage.eventually("the player") {
            abs((finding.preview?.cursor ?? -1) - (first.start + 0.2)) < 0.02
        }
        finding.judge(.keep)
        try await found()
        #expect(finding.message == "Kept, 3 left")
        #expect(finding.kept.map(\.startFrame) == [first.startFrame + 2])
        finding.judge(.reject)
        try await found()
        #expect(finding.message == "Rejected, 2 left")
        finding.takeBack()
        try await found()
        #expect(finding.message == "Taken back, 3 left")
        finding.judge(.reject)
        try await found()

        app.export.form.name = "found"
        app.export.form.label = "noise"
        app.exportKept()
        try await stage.eventually("the export") { !app.export.isRunning && finding.kept.isEmpty }
        try await stage.eventually("the clip") { app.library.clips.count == 1 }
        let clip = try #require(app.library.clips.first)
        #expect(clip.label == "noise")
        #expect(FilePath(clip.path).lastComponent == "found_001.mp4")
        #expect(clip.start == Int(first.start * 10 + 2) * 100_000_000)
        #expect(clip.frameCount == 80)
        #expect(finding.queue.rows.count == 3)
        // Neither what the library has nor what was rejected is offered again: no clip has more than
        // half of it.
        finding.resetLimits()
        try await found()
        let rejected = try #require(finding.verdicts.entries(.reject).first)
        #expect(!finding.queue.rows.isEmpty)
        for row in finding.queue.rows {
            #expect(abs(row.startFrame - rejected.startFrame) >= 40)
            #expect(abs(row.startFrame - first.startFrame - 2) >= 40)
        }
        #expect(await stage.close())
        #expect(app.notices.failures == [])
    }

    @Test func aLimitThatIsMovedChangesTheList() async throws {
        try await find()
        #expect(finding.limit == -60)
        // The second shot is at some −50 dBFS.
        finding.setLimit(-40)
        try await found()
        #expect(finding.queue.rows.allSatisfy { $0.startFrame < 200 })
        #expect(finding.queue.rows.count == 2)
        finding.setLimit(0)
        try await found()
        #expect(finding.queue.rows.isEmpty)
        #expect(finding.summaryText.hasPrefix("0 found; the loudest second is −"))
        // Of many searches in a row the last one counts.
        for step in 0..<30 { finding.setLimit(-Double(step)) }
        finding.setLimit(-70)
        try await found()
        #expect(finding.queue.rows.count == 4)
        finding.choose(.onsets)
        finding.setLimit(40)
        try await found()
        #expect(finding.settings.onsets == 40)
        #expect(finding.summaryText.hasPrefix("0 found; "))
        #expect(await stage.close())
    }

    @Test func verdictsAreThereAfterARestart() async throws {
        try await find()
        finding.judge(.reject)
        try await found()
        finding.judge(.keep)
        try await found()
        let kept = finding.kept
        let rejected = try #require(finding.verdicts.entries(.reject).first).startFrame
        #expect(await stage.close())

        let next = try AppStage(in: stage.folder, program: stage.folder["8cut"])
        await next.app.start()
        next.app.startFinding()
        try await next.eventually("the clips") {
            next.app.finding.state == .ready && !next.app.finding.isBusy
        }
        #expect(next.app.finding.kept == kept)
        let rows = next.app.finding.queue.rows
        #expect(rows.last?.verdict == .keep)
        #expect(rows.last?.startFrame == kept.first?.startFrame)
        #expect(rows.dropLast().allSatisfy { $0.verdict == nil })
        #expect(rows.allSatisfy { abs($0.startFrame - rejected) >= 40 })
        #expect(await next.close())
        let result = try await Program.run8cut(
            ["find", "sounds", stage.folder["shots.mp4"].string, "--json"],
            environment: [
                "EIGHTCUT_HOME": stage.folder["home"].string,
                "XDG_CACHE_HOME": stage.folder["cache"].string,
            ]
        )
        #expect(result.status == 0)
        let found = try JSONDecoder().decode(
            CandidateDocument.self,
            from: Data(result.output.utf8)
        )
        #expect(!found.candidates.isEmpty)
        #expect(found.candidates.allSatisfy { abs($0.startFrame - rejected) >= 40 })
    }

    @Test func aScanThatFailsIsReportedAndOneThatIsCancelledIsNot() async throws {
        try AtomicFile.write("", to: stage.folder["broken"])
        try await stage.start(with: try await video())
        app.startFinding()
        try await stage.eventually("the look-up") { finding.state == .unscanned }
        finding.scan()
        try await stage.eventually("the failure") {
            finding.state == .unscanned && !finding.isScanning
        }
        #expect(app.notices.takeFailures().map(\.code) == [.toolFailed])
        #expect(unlink(stage.folder["broken"].string) == 0)
        finding.scan()
        #expect(app.isWorking)
        finding.cancelScan()
        try await stage.eventually("the end") {
            !finding.isScanning && [.unscanned, .ready].contains(finding.state)
        }
        #expect(await stage.close())
        #expect(app.notices.failures == [])
    }

    @Test func withoutAVideoThereIsNothingToFind() async throws {
        await app.start()
        app.startFinding()
        #expect(finding.state == .noVideo)
        finding.scan()
        finding.judge(.keep)
        finding.move(forward: true)
        app.exportKept()
        app.startReview()
        #expect(app.page == .review)
        app.startFinding()
        #expect(app.page == .find)
        app.leaveFinding()
        #expect(app.page == .work)
        #expect(await stage.close())
        #expect(app.notices.failures == [])
    }
}
