import Diagnostics
import Files
import Glibc
import InteractiveProtocol
import MaskStore
import Progress
import SystemPackage
import TestSupport
import Testing

/// Runs that `8cut masks sam --interactive` is asked for, and how it ends.
@Suite struct InteractiveRunTests {
    private let folder: TemporaryFolder
    private let clip: FilePath

    init() async throws {
        folder = try TemporaryFolder()
        clip = try await CornerClip.make(folder["clip.mkv"])
    }

    /// A clip that takes long.
    private func longClip() async throws -> FilePath {
        try await Clip.make(folder["long.mp4"], rate: 60, seconds: 5)
    }

    private static let prompts = "{\"point\": [50, 30], \"frame\": 4}"

    private func request(_ id: Int, to output: String, _ others: String = "") -> String {
        "{\"id\": \(id), \"do\": \"run\", \"output\": \"\(folder[output].string)\", "
            + "\"prompts\": [\(Self.prompts)]\(others)}"
    }

    /// Waits until a run has made so many masks.
    private func wait(_ talk: WorkerTalk, for count: Int) async throws {
        while true {
            if case .job(.progress(let progress)) = try await talk.answer().event,
                progress.done >= count
            {
                return
            }
        }
    }

    @Test func aRunMakesTheVeryFilesOfTheCommand() async throws {
        let talk = try WorkerTalk(clip)
        // The model has looked at something else before.
        _ = try await talk.mask(1, frame: 7, "{\"point\": [20, 20]}", to: folder["1.png"])
        try talk.say(request(2, to: "worker", ", \"objects\": \"separate\", \"fillHoles\": 3"))
        guard case .job(.started(let started)) = try await talk.answer().event else {
            throw WorkerTalk.Silence()
        }
        #expect(started.job == "masks sam" && started.output == folder["worker"].string)
        guard case .job(.finished(let end)) = try await talk.end(of: 2) else {
            throw WorkerTalk.Silence()
        }
        #expect(end.frames == 12 && end.exitStatus == 0)

        let run = try await Program.run8cut(
            [
                "masks", "sam", "-i", clip.string, "-o", folder["command"].string, "--model",
                WorkerTalk.model.string, "--device", "cpu", "--point", "50,30@4", "--objects",
                "separate", "--fill-holes", "3",
            ],
            environment: TestTools.environment
        )
        #expect(run.status == 0, "\(run.errors)")
        let files = try MaskSet.content(of: folder["worker"])
        #expect(files.count == 25)
        #expect(try files == MaskSet.content(of: folder["command"]))

        // Given again it ends at once, and other settings are refused.
        try talk.say(request(3, to: "worker", ", \"objects\": \"separate\", \"fillHoles\": 3"))
        guard case .job(.finished(let again)) = try await talk.end(of: 3) else {
            throw WorkerTalk.Silence()
        }
        #expect(again.summary.contains("there already"))
        try talk.say(request(4, to: "worker"))
        guard case .job(.failed(let error)) = try await talk.end(of: 4) else {
            throw WorkerTalk.Silence()
        }
        #expect(error.code == .outputDiffers)
    }

    @Test func aCancelledRunStopsAtOnceAndKeepsWhatIsDone() async throws {
        let talk = try WorkerTalk(try await longClip())
        try talk.say(request(1, to: "masks"))
        try await wait(talk, for: 8)
        // One run at a time, but masks are answered meanwhile.
        try talk.say(request(2, to: "others"))
        guard case .error(let busy) = try await talk.end(of: 2) else { throw WorkerTalk.Silence() }
        #expect(busy.code == .outputBusy)
        _ = try await talk.mask(3, frame: 0, "{\"point\": [50, 30]}", to: folder["1.png"])

        let start = ContinuousClock.now
        try talk.say("{\"id\": 4, \"do\": \"cancel\", \"request\": 1}")
        guard case .job(.failed(let error)) = try await talk.end(of: 1) else {
            throw WorkerTalk.Silence()
        }
        #expect(start.duration(to: .now) < Program.stopLimit)
        #expect(error.code == .interrupted)
        let masks = try MaskSet(folder["masks"])
        #expect(!masks.manifest.complete && masks.names.count >= 4)

        // The same request goes on.
        try talk.say(request(5, to: "masks"))
        while true {
            guard case .job(.progress(let progress)) = try await talk.answer().event else {
                continue
            }
            #expect(progress.done >= masks.manifest.frameCount)
            break
        }
    }

    @Test(arguments: [false, true])
    func itEndsWhenStandardInputIsClosed(isRunning: Bool) async throws {
        let talk = try WorkerTalk(try await longClip())
        if isRunning {
            try talk.say(request(1, to: "masks"))
            try await wait(talk, for: 8)
            try talk.say("{\"id\": 2, \"do\": \"encode\", \"frame\": 100}")
        } else {
            _ = try await talk.answer()
        }
        talk.hangUp()
        let end = await talk.wait()
        #expect(end.status == 0 && end.seconds < Program.stopLimit / .seconds(1))
        var last = ""
        while let line = try? await talk.line() { last = line }
        guard case .finished = try ProgressEvent(jsonLine: last) else { throw WorkerTalk.Silence() }
        if isRunning { #expect(try MaskSet(folder["masks"]).names.count >= 4) }
    }

    @Test(arguments: [(SIGTERM, Int32(143)), (SIGINT, Int32(130))])
    func aSignalEndsIt(signal: Int32, status: Int32) async throws {
        let talk = try WorkerTalk(try await longClip())
        try talk.say(request(1, to: "masks"))
        try await wait(talk, for: 8)
        kill(talk.process, signal)
        let end = await talk.wait()
        #expect(end.status == status && end.seconds < Program.stopLimit / .seconds(1))
        #expect(try !MaskSet(folder["masks"]).manifest.complete)
    }
}
