import Diagnostics
import Files
import InteractiveProtocol
import Progress
import SystemPackage
import TestSupport
import Testing

/// Requests that cannot be done: `8cut masks sam --interactive` says why and lives on.
@Suite struct InteractiveErrorTests {
    private let folder: TemporaryFolder
    private let clip: FilePath

    init() async throws {
        folder = try TemporaryFolder()
        clip = try await CornerClip.make(folder["clip.mkv"])
    }

    @Test func whatIsWrongIsSaidAndTheWorkerLivesOn() async throws {
        let talk = try WorkerTalk(clip)
        _ = try await talk.answer()
        let output = "\"output\": \"\(folder["1.png"].string)\""
        let cases: [(line: String, id: WorkerID?, why: String)] = [
            ("{oops", nil, "column 2"), ("[1]", nil, "a list, not an object"),
            ("{\"do\": \"encode\", \"frame\": 0}", nil, "no field 'id'"),
            ("{\"id\": 1, \"frame\": 0}", .number(1), "no field 'do'"),
            ("{\"id\": \"a\", \"do\": \"dance\"}", .text("a"), "'do' is a text, which cannot be"),
            ("{\"id\": 2, \"do\": \"encode\"}", .number(2), "needs the field 'frame'"),
            (
                "{\"id\": \"\(String(repeating: "a", count: 201))\", \"do\": \"cancel\"}", nil,
                "'id' has more than 200 bytes"
            ),
            ("{\"id\": 2, \"do\": \"encode\", \"frame\": -1}", .number(2), "'frame' is -1"),
            (
                "{\"id\": 2, \"do\": \"encode\", \"frame\": 0.5}", .number(2),
                "'frame' is 0.5, not a whole number"
            ),
            ("{\"id\": 2, \"do\": \"encode\", \"frame\": 12}", .number(2), "has 12 frames"),
            ("{\"id\": 2, \"do\": \"encode\", \"farme\": 1}", .number(2), "no field 'farme'"),
            (
                "{\"id\": 2, \"do\": \"encode\", \"frame\": 0, \"invert\": true}", .number(2),
                "'invert' does not go with 'encode'"
            ),
            (
                "{\"id\": 3, \"do\": \"mask\", \"frame\": 0, \"prompts\": [], \(output)}",
                .number(3), "there are no prompts"
            ),
            (
                "{\"id\": 3, \"do\": \"mask\", \"frame\": 0, "
                    + "\"prompts\": [{\"point\": [160, 0]}], \(output)}",
                .number(3), "outside the frame: x is 160"
            ),
            (
                "{\"id\": 3, \"do\": \"mask\", \"frame\": 40, "
                    + "\"prompts\": [{\"point\": [1, 1]}], \(output)}",
                .number(3), "on frame 40, and the video has 12 frames"
            ),
            (
                "{\"id\": 3, \"do\": \"mask\", \"frame\": 0, "
                    + "\"prompts\": [{\"point\": [1, 1], \"frame\": 3}], \(output)}",
                .number(3), "a prompt is on frame 3, and 'frame' is 0"
            ),
            (
                "{\"id\": 3, \"do\": \"mask\", \"frame\": 0, "
                    + "\"prompts\": [{\"point\": [1, 1], \"label\": 0}], \(output)}",
                .number(3), "nothing but negative points"
            ),
            (
                "{\"id\": 3, \"do\": \"mask\", \"frame\": 0, "
                    + "\"prompts\": [{\"point\": [1, 1]}], \"output\": \"\(clip.string)\"}",
                .number(3), "no name of a .png file"
            ),
            (
                "{\"id\": 3, \"do\": \"mask\", \"frame\": 0, \"prompts\": "
                    + "[{\"point\": [1, 1]}], \"output\": \"/missing/at/all.png\"}",
                .number(3), "No such file"
            ),
        ]
        for (line, id, why) in cases {
            try talk.say(line)
            let answer = try await talk.answer()
            guard case .error(let error) = answer.event else { throw WorkerTalk.Silence() }
            #expect(answer.id == id && error.why.contains(why), "\(line): \(error)")
        }
        try talk.say(String(repeating: "x", count: 3 << 20))
        guard case .error(let error) = try await talk.answer().event else {
            throw WorkerTalk.Silence()
        }
        #expect(error.why.contains("more than"))
        // Nothing was written, and what is right is done.
        #expect(try Folder.names(in: folder.path) == ["clip.mkv"])
        _ = try await talk.mask(9, frame: 0, "{\"point\": [50, 30]}", to: folder["1.png"])
    }

    @Test func aRunThatCannotBeFails() async throws {
        let talk = try WorkerTalk(clip)
        try talk.say(
            "{\"id\": 1, \"do\": \"run\", \"prompts\": [{\"point\": [1, 1], \"frame\": 12}]}"
        )
        guard case .job(.failed(let error)) = try await talk.end(of: 1) else {
            throw WorkerTalk.Silence()
        }
        #expect(error.why.contains("on frame 12"))
        #expect(try Folder.names(in: folder.path) == ["clip.mkv"])
    }

    @Test func withoutAVideoItEndsAndSaysSo() async throws {
        let talk = try WorkerTalk(folder["none.mp4"])
        guard case .failed(let error) = try ProgressEvent(jsonLine: await talk.line()) else {
            throw WorkerTalk.Silence()
        }
        let end = await talk.wait()
        #expect(error.code == .inputMissing && end.status == 66)
    }

    @Test(arguments: [
        ["--point", "1,1"], ["--output", "masks"], ["--objects", "labels"], ["--invert"],
        ["--preview", "sheet.png"], ["--engine", "reference"],
    ])
    func whatRequestsSayIsNoOption(options: [String]) async throws {
        let result = try await Program.run8cut(
            ["masks", "sam", "--interactive", "-i", clip.string] + options
        )
        #expect(result.status == 64)
        #expect(result.errors.contains("--interactive"), "\(result.errors)")
    }
}
