import Diagnostics
import Dispatch
import Files
import Glibc
import InteractiveProtocol
import Progress
import SystemPackage
import TestSupport
import Testing

/// Clients that write too much or read nothing: `8cut masks sam --interactive` keeps its memory and
/// ends when it is told to.
@Suite struct InteractiveLimitTests {
    private let folder: TemporaryFolder
    private let clip: FilePath

    init() async throws {
        folder = try TemporaryFolder()
        clip = try await CornerClip.make(folder["clip.mkv"])
    }

    private static let point = "{\"point\": [50, 30]}"

    @Test func moreRequestsThanMayWaitAreRefused() async throws {
        let talk = try WorkerTalk(clip)
        _ = try await talk.answer()
        let before = try talk.peakMemory()
        let count = 60_000
        let output = folder["1.png"]
        DispatchQueue.global().async {
            for id in 1...count {
                try? talk.say(WorkerTalk.request(id, frame: id % 12, Self.point, to: output))
            }
        }
        var refused = 0
        var last = 0
        while last < count {
            let answer = try await talk.answer()
            guard case .number(let id) = answer.id else { throw WorkerTalk.Silence() }
            if case .error(let error) = answer.event {
                #expect(error.code == .outputBusy)
                refused += 1
            }
            last = max(last, id)
        }
        #expect(refused > count / 2)
        #expect(try talk.peakMemory() - before < 128 << 20)

        talk.hangUp()
        let end = await talk.wait()
        #expect(end.status == 0 && end.seconds < Program.stopLimit / .seconds(1))
    }

    @Test(arguments: [0, SIGTERM])
    func aClientThatDoesNotReadDoesNotKeepItAlive(signal: Int32) async throws {
        let talk = try WorkerTalk(clip)
        _ = try await talk.answer()
        let read = talk.flood("{\"no request\": true}")
        #expect(read < 64 << 20)
        if signal == 0 { talk.hangUp() } else { kill(talk.process, signal) }
        let end = await talk.wait()
        #expect(end.status == (signal == 0 ? 0 : 128 + signal))
        #expect(end.seconds < Program.stopLimit / .seconds(1))
    }

    @Test func aRunGoesOnAlthoughNobodyReadsItsProgress() async throws {
        let long = try await Clip.make(folder["long.mp4"], rate: 60, seconds: 5)
        let talk = try WorkerTalk(long)
        _ = try await talk.answer()
        try talk.say(
            "{\"id\": 1, \"do\": \"run\", \"output\": \"\(folder["masks"].string)\", "
                + "\"prompts\": [\(Self.point)]}"
        )
        _ = talk.flood("{\"no request\": true}")
        let masks = folder["masks"]
        try await eventually("further masks") {
            ((try? Folder.names(in: masks)) ?? []).count > 20
        }
        kill(talk.process, SIGTERM)
        let end = await talk.wait()
        #expect(end.status == 143 && end.seconds < Program.stopLimit / .seconds(1))
    }

    @Test func aFullDiskBehindStandardOutputIsReported() async throws {
        let result = try await Program.run(
            "sh",
            [
                "-c", "exec \"$0\" \"$@\" </dev/null >/dev/full", Program.eightCut.string, "masks",
                "sam", "--interactive", "-i", clip.string, "--model", WorkerTalk.model.string,
                "--device", "cpu",
            ],
            environment: TestTools.environment
        )
        #expect(result.status == 74)
    }

    @Test func filesOfOthersStay() async throws {
        let talk = try WorkerTalk(clip)
        _ = try await talk.answer()
        let photo = folder["photo.png"]
        try AtomicFile.write("a photo", to: photo)
        let video = folder["video.png"]
        link(clip.string, video.string)
        let bytes = try SmallFile.read(clip, limit: 1 << 24)

        func rejection(_ path: FilePath, _ others: String = "") async throws -> String {
            do {
                _ = try await talk.mask(1, frame: 0, Self.point, to: path, others)
                return ""
            } catch let error as EightCutError { return error.why }
        }
        #expect(try await rejection(photo).contains("has not written"))
        #expect(try SmallFile.read(photo, limit: 100) == Array("a photo".utf8))
        #expect(try await rejection(video).contains("it is the video"))
        #expect(try await rejection(video, ", \"overwrite\": true").contains("it is the video"))
        #expect(try SmallFile.read(clip, limit: 1 << 24) == bytes)

        #expect(try await rejection(photo, ", \"overwrite\": true") == "")
        // It is the server's own now.
        #expect(try await rejection(photo) == "")
    }
}
