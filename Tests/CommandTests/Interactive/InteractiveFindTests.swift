import Diagnostics
import Files
import InteractiveProtocol
import Progress
import SystemPackage
import TestSupport
import Testing

/// What `8cut masks sam --interactive` answers when it is asked to find objects.
@Suite struct InteractiveFindTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func find(_ talk: WorkerTalk, _ id: Int) async throws -> WorkerAnswer.Event {
        try talk.say("{\"id\": \(id), \"do\": \"find\", \"count\": 3}")
        return try await talk.end(of: id)
    }

    @Test func theCandidatesAreThoseOfDetect() async throws {
        let clip = try await Clip.make(folder["clip.mp4"])
        let talk = try WorkerTalk(clip)
        guard case .found(let found) = try await find(talk, 1) else { throw WorkerTalk.Silence() }
        let expected = try await DetectRun.candidates(clip)
        #expect(!expected.isEmpty)
        #expect(
            found.candidates
                == expected.map {
                    .init(frame: $0.frame, point: $0.point, box: $0.box, score: $0.score)
                }
        )
        // It is known now, and a mask is made of it.
        guard case .found(let again) = try await find(talk, 2) else { throw WorkerTalk.Silence() }
        #expect(again.candidates == found.candidates)
        let best = found.candidates[0]
        let mask = try await talk.mask(
            3,
            frame: best.frame,
            "{\"point\": [\(best.point[0]), \(best.point[1])]}",
            to: folder["1.png"]
        )
        #expect(mask.frame == best.frame)
    }

    @Test func theSearchReportsItsProgress() async throws {
        let talk = try WorkerTalk(try await Clip.make(folder["clip.mp4"]))
        try talk.say("{\"id\": \"a\", \"do\": \"find\"}")
        var counts: [Int] = []
        while true {
            let answer = try await talk.answer()
            if case .job(.progress(let progress)) = answer.event, answer.id == .text("a") {
                counts.append(progress.done)
            }
            if case .found = answer.event { break }
        }
        #expect(!counts.isEmpty && counts == counts.sorted() && counts.last == 24)
    }

    @Test func nothingIsAnError() async throws {
        let flat = folder["flat.mkv"]
        try await Program.ffmpeg(["-f", "lavfi", "-i", "color=gray:s=160x90:r=12:d=1", flat.string])
        let talk = try WorkerTalk(flat)
        guard case .error(let error) = try await find(talk, 1) else { throw WorkerTalk.Silence() }
        #expect(error.code == .nothingFound)
        try talk.say("{\"id\": 2, \"do\": \"find\", \"count\": 0}")
        guard case .error(let wrong) = try await talk.end(of: 2) else { throw WorkerTalk.Silence() }
        #expect(wrong.code == .usage && wrong.why.contains("'count' is 0"))
    }
}
