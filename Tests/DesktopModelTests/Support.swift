import DesktopModel
import Files
import Playback
import ScanStore
import SystemPackage
import TestSupport
import Testing

/// Waits until something about the model is so.
@MainActor
func eventually(
    _ what: String,
    _ isSo: () -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while !isSo() {
        guard ContinuousClock.now < end else {
            Issue.record("\(what) did not come", sourceLocation: sourceLocation)
            throw NeverCame()
        }
        try await Task.sleep(for: .milliseconds(10))
    }
}

/// Something did not come.
struct NeverCame: Error {}

/// An app without a window, in a folder of its own.
@MainActor
struct AppStage {
    let folder: TemporaryFolder
    let app: AppModel
    /// Without a renderer libmpv plays no frames.
    private let renderer: FrameRenderer

    init(in folder: TemporaryFolder? = nil, program: FilePath = Program.eightCut) throws {
        let place = try folder ?? TemporaryFolder()
        self.folder = place
        app = try AppModel(
            program: CommandLineProgram(program, home: EightCutHome(place["home"])),
            scans: ScanCache(place["cache"].appending("8cut/find/v\(ScanNote.version)"))
        )
        renderer = try FrameRenderer(app.preview.player) { _ in }
        renderer.resize(width: 64, height: 36)
    }

    /// Closes the app.
    func close() async -> Bool { await app.close(beforeEnd: { renderer.stop() }) }

    /// Waits until something about the app is so; what the app tells meanwhile of failures is
    /// reported with what did not come.
    func eventually(
        _ what: String,
        _ isSo: () -> Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        do {
            try await DesktopModelTests.eventually(what, isSo, sourceLocation: sourceLocation)
        } catch {
            Issue.record("\(app.notices.failures)", sourceLocation: sourceLocation)
            throw error
        }
    }

    /// A video of ten seconds with numbers and tones.
    func video(_ name: String = "video.mp4") async throws -> FilePath {
        try await CounterClip.make(folder[name], rate: "10", frames: 100, seconds: 10)
    }

    /// Starts the app with a video, and waits until it can be cut.
    func start(with video: FilePath) async throws {
        await app.start(opening: [video])
        try await eventually("the video") {
            app.playlist.current?.source != nil && app.preview.properties != nil
        }
        app.export.form.folder = folder["clips"].string
        try await eventually("the next name") { app.export.nextName != nil }
    }
}
