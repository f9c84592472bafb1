import Imaging
import Playback
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// The player shows exactly the requested frame. Frames carry their number.
@Suite struct PlayerTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A player with its frames and events.
    private final class Stage: Sendable {
        let player: Player
        let renderer: FrameRenderer
        private let seen: Seen

        /// The last of everything.
        private final class Seen: Sendable {
            struct State {
                var image: ScreenImage?
                var position: Double?
                var properties: Player.Properties?
                var failure: String?
                var seekCount = 0
            }
            let state = Mutex(State())
        }

        init() throws {
            player = try Player()
            let seen = Seen()
            self.seen = seen
            renderer = try FrameRenderer(player) { image in
                seen.state.withLock { $0.image = image }
            }
            renderer.resize(width: 320, height: 64)
            let events = player.events
            Task {
                for await event in events {
                    seen.state.withLock { state in
                        switch event {
                        case .opened(let properties): state.properties = properties
                        case .failed(let why): state.failure = why
                        case .position(let time): state.position = time
                        case .seekCompleted: state.seekCount += 1
                        case .paused: break
                        }
                    }
                }
            }
        }

        var position: Double? { seen.state.withLock(\.position) }
        var properties: Player.Properties? { seen.state.withLock(\.properties) }
        var failure: String? { seen.state.withLock(\.failure) }
        var seekCount: Int { seen.state.withLock(\.seekCount) }

        /// The number on the frame that was rendered last.
        var number: Int? {
            seen.state.withLock { state in
                guard let image = state.image else { return nil }
                return (0..<16).reduce(0) { number, block in
                    let place = 32 * image.rowBytes + (block * 20 + 10) * 4
                    return number | (image.bytes[place + 1] > 128 ? 1 << block : 0)
                }
            }
        }

        func end() {
            renderer.stop()
            player.stop()
        }
    }

    /// Waits until something is so.
    private func wait(
        _ what: String,
        _ isSo: () -> Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let end = ContinuousClock.now + .seconds(30)
        while !isSo() {
            guard ContinuousClock.now < end else {
                Issue.record("\(what) did not come", sourceLocation: sourceLocation)
                return
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test func seeksAndStepsShowTheRequestedFrame() async throws {
        let video = try await CounterClip.make(folder["video.mp4"], frames: 100, seconds: 4)
        let stage = try Stage()
        defer { stage.end() }
        stage.player.open(video)
        try await wait("the first frame") { stage.number == 0 && stage.properties != nil }
        #expect(stage.properties?.width == 320)
        #expect(stage.properties?.height == 64)
        #expect(abs((stage.properties?.duration ?? 0) - 4) < 0.05)
        #expect(stage.properties?.frameRate == 25)
        for number in [50, 13, 99, 24] {
            stage.player.seek(to: Double(number) / 25)
            try await wait("frame \(number)") { stage.number == number }
            try await wait("its time") { abs((stage.position ?? 0) - Double(number) / 25) < 1e-6 }
        }
        stage.player.step(forward: true)
        try await wait("the next frame") { stage.number == 25 }
        let before = stage.seekCount
        stage.player.step(forward: false)
        try await wait("the frame before") { stage.number == 24 && stage.seekCount > before }
        stage.player.step(forward: false)
        try await wait("the one before that") { stage.number == 23 }
    }

    @Test func timesAreThoseOfTheFile() async throws {
        let video = try await CounterClip.make(
            folder["late.ts"],
            frames: 50,
            seconds: 2,
            options: ["-output_ts_offset", "100"]
        )
        let stage = try Stage()
        defer { stage.end() }
        stage.player.open(video)
        // The container adds its own run-up.
        try await wait("a late first time") { (stage.position ?? 0) > 99.9 }
    }

    @Test func aPartIsPlayedAgainAndAgain() async throws {
        let video = try await CounterClip.make(folder["video.mp4"], frames: 100, seconds: 4)
        let stage = try Stage()
        defer { stage.end() }
        stage.player.open(video, at: 1)
        try await wait("frame 25") { stage.number == 25 }
        stage.player.loop(1...1.4)
        let before = stage.seekCount
        stage.player.setPaused(false)
        try await wait("the third round") { stage.seekCount >= before + 2 }
        stage.player.setPaused(true)
        #expect((25...36).contains(stage.number ?? 0))
    }

    /// Also where every audio output fails, and libmpv tries one after the other.
    @Test func severalPlayersAtOnceDoNotDisturbEachOther() async throws {
        let video = try await CounterClip.make(folder["video.mp4"], frames: 25, seconds: 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<3 {
                        let stage = try Stage()
                        defer { stage.end() }
                        stage.player.open(video)
                        try await wait("the frame") {
                            stage.number == 0 && stage.properties != nil
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func anotherSizeIsRenderedWhileItStandsStill() async throws {
        let video = try await CounterClip.make(folder["video.mp4"], frames: 25, seconds: nil)
        let stage = try Stage()
        defer { stage.end() }
        stage.renderer.resize(width: 640, height: 128)
        stage.player.open(video)
        try await wait("a frame") { stage.properties != nil && stage.number != nil }
        stage.renderer.resize(width: 320, height: 64)
        try await wait("the frame in the other size") { stage.number == 0 }
    }

    @Test func whatIsNoVideoIsToldAndTheNextOnePlays() async throws {
        let rubbish = folder["rubbish.mp4"]
        try await Program.ffmpeg(["-f", "lavfi", "-i", "anullsrc=d=0.1", folder["a.wav"].string])
        _ = try await Program.run(
            "sh",
            ["-c", "head -c 5000 /dev/urandom > \"$0\"", rubbish.string]
        )
        let stage = try Stage()
        defer { stage.end() }
        stage.player.open(rubbish)
        try await wait("the failure") { stage.failure != nil }
        stage.player.open(try await CounterClip.make(folder["video.mp4"], frames: 25, seconds: 1))
        try await wait("the frame") { stage.number == 0 && stage.properties != nil }
    }

    @Test func filesThatReferToOthersAreNotFollowed() async throws {
        let video = try await CounterClip.make(folder["video.mp4"], frames: 25, seconds: 1)
        let list = folder["list.m3u"]
        _ = try await Program.run(
            "sh",
            ["-c", "printf '#EXTM3U\\n%s\\n' \"$0\" > \"$1\"", video.string, list.string]
        )
        let stage = try Stage()
        defer { stage.end() }
        stage.player.open(list)
        try await wait("the failure") { stage.failure != nil }
    }
}
