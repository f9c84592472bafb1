import ClipLibrary
import DesktopModel
import Diagnostics
import Files
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// The app without a window, on real videos with the real command line.
@MainActor
@Suite struct AppModelTests {
    @Test func aClipIsCutMaskedDeletedAndPutBack() async throws {
        let stage = try AppStage()
        let app = stage.app
        try await stage.start(with: try await stage.video())
        app.export.form.name = "beep"
        app.export.form.label = "a beep"
        try await stage.eventually("the name") { app.export.nextName == "beep_001.mp4" }
        app.preview.scrub(to: 1.5)
        try await stage.eventually("the cursor") { abs(app.preview.cursor - 1.5) < 1e-6 }
        #expect(app.maskObstacle != nil)
        app.exportClip()
        try await stage.eventually("the clip") {
            app.library.clips.count == 1 && !app.export.isRunning
        }
        let clip = try #require(app.library.clips.first)
        #expect(clip.start == 1_500_000_000)
        #expect(clip.label == "a beep")
        #expect(clip.frameCount == 80)
        #expect(FilePath(clip.path) == stage.folder["clips"].appending("beep_001.mp4"))
        #expect(app.playlist.current?.clipCount == 1)
        #expect(app.masks.target == clip)
        try await stage.eventually("the next name") { app.export.nextName == "beep_002.mp4" }

        app.setMethod(.saliency)
        #expect(app.maskObstacle == nil)
        app.generateMasks()
        try await stage.eventually("the masks") { app.masks.folder != nil && app.masks.run == nil }
        let masks = try MaskSet(stage.folder["clips"].appending("beep_001_masks"))
        #expect(masks.names.count == 80)
        #expect(app.library.masks[clip.id]?.count == 1)
        // Nobody has touched the preview since: the clip plays with its masks over it.
        try await stage.eventually("the clip to play") {
            app.preview.clip?.id == clip.id && !app.preview.isPaused
        }
        try await stage.eventually("the mask") { app.overlay.image != nil }

        app.showVideo()
        try await stage.eventually("the video") {
            app.preview.clip == nil && app.overlay.image == nil
        }
        await app.library.delete(clip)
        #expect(app.library.clips.isEmpty)
        #expect(try Folder.kind(of: FilePath(clip.path)) == .missing)
        await app.undo.undo()
        #expect(app.library.clips.map(\.id) == [clip.id])
        #expect(try MaskSet(stage.folder["clips"].appending("beep_001_masks")).names.count == 80)
        await app.undo.redo()
        #expect(app.library.clips.isEmpty)
        #expect(await stage.close())
        #expect(app.notices.failures == [])
    }

    @Test func videosOfAFolderComeInNaturalOrder() async throws {
        let stage = try AppStage()
        let video = try await stage.video()
        let names = ["clip 10.mp4", "Clip 2.mp4", "clip 1.mp4", "b/clip 1.mp4", "clip 02.mp4"]
        let folder = stage.folder["videos"]
        try Folder.create(folder.appending("b"))
        for name in names {
            let bytes = try SmallFile.read(video, limit: 1 << 24)
            try bytes.withUnsafeBytes { try AtomicFile.write($0, to: folder.appending(name)) }
        }
        await stage.app.start(opening: [folder.appending("b"), folder])
        let found = stage.app.playlist.items.map {
            $0.path.string.dropFirst(folder.string.count + 1)
        }
        #expect(
            found == ["b/clip 1.mp4", "clip 1.mp4", "Clip 2.mp4", "clip 02.mp4", "clip 10.mp4"]
        )
        #expect(await stage.close())
    }

    @Test func theMethodThatNeedsNoToolsIsTheFirst() async throws {
        let stage = try AppStage()
        let app = stage.app
        try await stage.start(with: try await stage.video())
        #expect(app.masks.form.method == .saliency)
        #expect(app.masks.form.chosenMethod == nil)
        app.exportClip()
        try await stage.eventually("the clip") { app.masks.target != nil && !app.export.isRunning }
        #expect(app.maskObstacle == nil)
        app.setMethod(.depth)
        #expect(await stage.close())
        let next = try AppStage(in: stage.folder)
        await next.app.start()
        #expect(next.app.masks.form.method == .depth)
        #expect(await next.close())
    }

    @Test func aVideoWithoutAudioIsToldOfBeforeItIsCut() async throws {
        let stage = try AppStage()
        let app = stage.app
        let silent = stage.folder["silent.mp4"]
        try await Program.ffmpeg([
            "-i", try await stage.video().string, "-an", "-c", "copy", silent.string,
        ])
        try await stage.start(with: silent)
        #expect(app.exportNote == "The video has no audio: its clips will have none.")
        app.exportClip()
        try await stage.eventually("the clip") { app.masks.target != nil && !app.export.isRunning }
        #expect(app.notices.toasts.map(\.text) == ["clip_001.mp4 was cut"])
        #expect(await stage.close())
    }

    @Test func theChosenStreamIsShownCutAndRemembered() async throws {
        let stage = try AppStage()
        let app = stage.app
        let two = stage.folder["two.mkv"]
        try await Program.ffmpeg([
            "-i", try await stage.video().string, "-f", "lavfi", "-i",
            "testsrc=size=128x64:rate=10:duration=10", "-map", "0:v", "-map", "1:v", "-map", "0:a",
            "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "copy", "-disposition:v:0",
            "default", two.string,
        ])
        try await stage.start(with: two)
        let source = try #require(app.playlist.current?.source)
        #expect(source.videoChoice.isAmbiguous)
        #expect(source.readingArguments == ["--video-stream", "0"])
        var options = try #require(app.playlist.current?.options)
        (options.stream, options.deinterlacing) = (1, .on)
        app.playlist.read(options)
        try await stage.eventually("the other stream") {
            app.playlist.current?.source?.video.width == 128
                && app.preview.properties?.width == 128
        }
        app.exportClip()
        try await stage.eventually("the clip") { app.masks.target != nil && !app.export.isRunning }
        #expect(app.masks.target?.width == 128)
        #expect(await stage.close())
        let next = try AppStage(in: stage.folder)
        await next.app.start()
        try await next.eventually("the video") { next.app.playlist.current?.source != nil }
        #expect(
            next.app.playlist.current?.source?.readingArguments
                == ["--video-stream", "1", "--deinterlace", "on"]
        )
        #expect(await next.close())
    }

    @Test func theLastSessionComesBack() async throws {
        let stage = try AppStage()
        let video = try await stage.video()
        try await stage.start(with: video)
        stage.app.preview.scrub(to: 2.3)
        stage.app.masks.form.isInverted = true
        stage.app.appearance = .dark
        try await stage.eventually("the cursor") { stage.app.playlist.current?.cursor == 2.3 }
        #expect(await stage.close())

        let next = try AppStage(in: stage.folder)
        await next.app.start()
        try await next.eventually("the video") { next.app.preview.properties != nil }
        #expect(next.app.playlist.items.map(\.path) == [video])
        try await next.eventually("the cursor") { abs(next.app.preview.cursor - 2.3) < 1e-6 }
        #expect(next.app.masks.form.isInverted)
        #expect(next.app.appearance == .dark)
        #expect(next.app.export.form.folder == stage.folder["clips"].string)
        #expect(await next.close())
    }

    @Test func marksAreSetMovedRemovedUndoneAndRemembered() async throws {
        let stage = try AppStage()
        let app = stage.app
        try await stage.start(with: try await stage.video())
        app.exportClip()
        try await stage.eventually("the clip") { app.masks.target != nil && !app.export.isRunning }
        app.setMethod(.sam)
        try await stage.eventually("the clip's frame") {
            app.preview.clip != nil && app.preview.properties != nil
        }
        #expect(app.isMarking)
        app.marks.add(.point(x: 10, y: 20, isPositive: true), on: 3)
        app.marks.nudge(5, -50)
        #expect(app.marks.marks.map(\.kind) == [.point(x: 15, y: 0, isPositive: true)])
        app.marks.add(.box(left: 1, top: 2, right: 30, bottom: 40), on: 3)
        #expect(app.marks.shown(on: 3).count == 2)
        let first = try #require(app.marks.marks.first)
        app.marks.remove(first.id)
        #expect(app.marks.marks.count == 1)
        await app.undo.undo()
        #expect(app.marks.marks.count == 2)
        for _ in 0..<3 { await app.undo.undo() }
        #expect(app.marks.marks == [])
        for _ in 0..<3 { await app.undo.redo() }
        #expect(app.marks.marks.count == 2)
        #expect(await stage.close())

        let next = try AppStage(in: stage.folder)
        await next.app.start()
        try await next.eventually("the target") { next.app.masks.target != nil }
        next.app.showClip()
        try await next.eventually("the marks") { next.app.marks.marks.count == 2 }
        #expect(await next.close())
    }

    @Test func whatOthersDoToTheLibraryAppears() async throws {
        let stage = try AppStage()
        let app = stage.app
        try await stage.start(with: try await stage.video())
        app.exportClip()
        try await stage.eventually("the clip") {
            app.library.clips.count == 1 && !app.export.isRunning
        }
        let id = try #require(app.library.clips.first?.id)
        let result = try await Program.run8cut(
            ["library", "relabel", "\(id)", "--label", "from elsewhere"],
            environment: ["EIGHTCUT_HOME": stage.folder["home"].string]
        )
        #expect(result.status == 0)
        try await stage.eventually("the label") {
            app.library.clips.first?.label == "from elsewhere"
        }
        #expect(app.library.labels == ["from elsewhere"])
        #expect(await stage.close())
    }

    @Test func manyStepsInARowAreAllTaken() async throws {
        let stage = try AppStage()
        let app = stage.app
        try await stage.start(with: try await stage.video())
        app.preview.scrub(to: 3)
        for _ in 0..<7 { app.preview.step(forward: false) }
        try await stage.eventually("the seventh frame before") {
            abs(app.preview.cursor - 2.3) < 1e-6
        }
        for _ in 0..<4 { app.preview.step(forward: true) }
        try await stage.eventually("the fourth after") { abs(app.preview.cursor - 2.7) < 1e-6 }
        app.preview.togglePlaying()
        try await stage.eventually("playing") { app.preview.position > 3 }
        #expect(abs(app.preview.cursor - 2.7) < 1e-6)
        app.preview.pauseAtCursor()
        try await stage.eventually("the cursor") { abs(app.preview.position - 2.7) < 1e-6 }
        #expect(await stage.close())
    }

    @Test func anOrderThatComesRightAfterACancelIsCut() async throws {
        let stage = try AppStage()
        let app = stage.app
        try await stage.start(with: try await stage.video())
        app.export.form.count = 3
        app.exportClip()
        app.exportClip()
        try await stage.eventually("the run") { app.export.orders.first?.progress != nil }
        app.export.cancel()
        app.export.form.count = 1
        app.exportClip()
        try await stage.eventually("the end") { !app.export.isRunning }
        // Of the first order some may have been finished; those share a number and have a second.
        let single = app.library.clips.filter { clip in
            FilePath(clip.path).stem?.split(separator: "_").count == 2
        }
        #expect(single.count == 1)
        #expect(await stage.close())
    }

    @Test func whatIsPutWhilePlayingStaysThroughAPause() async throws {
        let stage = try AppStage()
        let app = stage.app
        try await stage.start(with: try await stage.video())
        app.preview.togglePlaying()
        try await stage.eventually("playing") { app.preview.position > 0.3 }
        app.preview.scrub(to: 1.5)
        try await stage.eventually("playing there") { app.preview.position > 1.8 }
        app.preview.togglePlaying()
        try await stage.eventually("the pause") { app.preview.isPaused }
        #expect(app.preview.cursor == 1.5)
        #expect(await stage.close())
    }

    @Test func undoingAClipThatIsNotTheLastThingDoneIsLeftAlone() async throws {
        let stage = try AppStage()
        let app = stage.app
        try await stage.start(with: try await stage.video())
        app.exportClip()
        try await stage.eventually("the clip") { app.library.clips.count == 1 }
        let clip = try #require(app.library.clips.first)
        await app.library.relabel(clip, label: "one", category: "")
        await app.library.delete(try #require(app.library.clips.first))
        let toast = try #require(app.notices.takeToasts().last { $0.button != nil })
        await app.undo.undo()
        #expect(app.library.clips.count == 1)
        // The button of the toast now means something that was undone already.
        toast.action()
        try await Task.sleep(for: .milliseconds(200))
        #expect(app.library.clips.first?.label == "one")
        #expect(await stage.close())
    }

    @Test func aSpanThatDoesNotFitIsNotCut() async throws {
        let stage = try AppStage()
        let app = stage.app
        try await stage.start(with: try await stage.video())
        #expect(app.exportObstacle == nil)
        app.preview.scrub(to: 5)
        try await stage.eventually("the cursor") { abs(app.preview.cursor - 5) < 1e-6 }
        #expect(app.exportObstacle != nil)
        app.export.form.preset = "saganet"
        #expect(app.preview.spanLength == 5)
        #expect(app.exportObstacle == nil)
        app.preview.scrub(to: 6)
        app.export.form.allowsShort = true
        #expect(app.exportObstacle == nil)
        #expect(await stage.close())
    }

    @Test func aBrokenVideoIsToldAndCanBeTakenOff() async throws {
        let stage = try AppStage()
        let app = stage.app
        let rubbish = stage.folder["rubbish.mp4"]
        try AtomicFile.write("no video at all", to: rubbish)
        await app.start(opening: [rubbish])
        try await stage.eventually("the failure") { !app.notices.failures.isEmpty }
        #expect(app.notices.takeFailures().first?.code == .inputUnusable)
        let item = try #require(app.playlist.items.first)
        app.playlist.remove(item)
        #expect(app.playlist.items.isEmpty)
        await app.undo.undo()
        #expect(app.playlist.items.count == 1)
        #expect(await stage.close())
    }

    @Test func closingAsksWhileARunGoesOnAndStopsIt() async throws {
        let stage = try AppStage()
        let app = stage.app
        try await stage.start(with: try await stage.video())
        app.export.form.count = 3
        app.exportClip()
        try await stage.eventually("the run") { app.export.orders.first?.progress != nil }
        let staying = Task { await stage.close() }
        try await stage.eventually("the question") { !app.notices.questions.isEmpty }
        app.notices.takeQuestions().first?.answer(with: false)
        #expect(await staying.value == false)
        let closing = Task { await stage.close() }
        try await stage.eventually("the question") { !app.notices.questions.isEmpty }
        app.notices.takeQuestions().first?.answer(with: true)
        #expect(await closing.value)
        let names = (try? Folder.names(in: stage.folder["clips"])) ?? []
        #expect(!names.contains { $0.hasPrefix(AtomicFile.temporaryPrefix) })
        let left = try Folder.names(in: stage.folder["home"])
        #expect(!left.contains { $0.hasPrefix(AtomicFile.temporaryPrefix) })
    }

    @Test func whatAKilledAppHasLeftIsRemovedAndNothingElse() async throws {
        let folder = try TemporaryFolder()
        let home = folder["home"]
        let name = AtomicFile.temporaryName(for: "desktop")
        let old = home.appending(name)
        try Folder.create(old)
        for file in ["mask-0.png", "photo.jpg"] {
            try AtomicFile.write("x", to: old.appending(file))
        }
        let others = folder["others"]
        try Folder.create(others)
        try AtomicFile.write("x", to: others.appending("mask-0.png"))
        symlink(others.string, home.appending(AtomicFile.temporaryName(for: "desktop")).string)

        let stage = try AppStage(in: folder)
        #expect(try Folder.names(in: old) == ["photo.jpg"])
        #expect(try Folder.names(in: others) == ["mask-0.png"])
        // That of the running app is its own alone, and another app leaves it there.
        let own = try Folder.names(in: home).filter {
            let path = home.appending($0)
            return path != old && FileStatus(following: path)?.permissions == .privateFolder
        }
        #expect(own.count == 1)
        let second = try AppStage(in: folder)
        #expect(try Folder.names(in: home).contains(own[0]))
        #expect(await second.close())
        #expect(await stage.close())
        #expect(try !Folder.names(in: home).contains(own[0]))
    }

    @Test func aHostileSessionDoesNotEndTheApp() async throws {
        let folder = try TemporaryFolder()
        let home = folder["home"]
        try Folder.create(home)
        let video = try await CounterClip.make(
            folder["video.mp4"],
            rate: "10",
            frames: 20,
            seconds: 2
        )
        try AtomicFile.write(
            """
            {"files": [{"path": "\(video.string)", "cursor": 1e300}], "windowWidth": -5,
             "volume": -1e18, "current": "relative"}
            """,
            to: home.appending("session.json")
        )
        let stage = try AppStage(in: folder)
        await stage.app.start()
        try await stage.eventually("the video") { stage.app.preview.properties != nil }
        stage.app.preview.scrub(to: .infinity)
        stage.app.preview.scrub(to: .nan)
        #expect(Limits.seconds.contains(stage.app.preview.cursor))
        #expect(await stage.close())
    }
}
