import Files
import InteractiveProtocol
import SystemPackage
import TestSupport
import Testing

/// Requests with seeded faults: each is answered, and the worker lives on.
@Suite struct MutatedRequestTests {
    private static let count = 200
    /// Stands for the path of an output, which is not mutated: it is the client's to choose.
    private static let place = "@"

    private static let requests = [
        #"{"id":1,"do":"mask","frame":3,"prompts":[{"point":[80,40],"label":1}],"output":"@"}"#,
        #"{"id":"a","do":"mask","frame":0,"prompts":[{"box":[10,10,90,70]},{"object":2,"point":"#
            + #"[1,2]}],"output":"@","objects":"labels","fillHoles":10,"dropSpecks":20}"#,
        #"{"do":"encode","frame":7,"id":-1}"#, #"{"do":"cancel","id":2,"request":1}"#,
        #"{"id":3,"do":"run","prompts":[{"point":[80,40]}],"output":"@","invert":true}"#,
    ].map { Array($0.utf8) }

    @Test func theyAreAnswered() async throws {
        let folder = try TemporaryFolder()
        let clip = try await CornerClip.make(folder["clip.mkv"])
        let talk = try WorkerTalk(clip)
        _ = try await talk.answer()
        var mutator = Mutator(seed: 14)
        for number in 0..<Self.count {
            let line = Self.line(&mutator, to: folder["out-\(number)"])
            try talk.say(line)
            try talk.say("{\"id\": \"after \(number)\", \"do\": \"cancel\"}")
            try await expectAnswer(to: "after \(number)", in: talk, line)
        }
    }

    /// A line without a break in it, and without another output.
    private static func line(_ mutator: inout Mutator, to output: FilePath) -> String {
        while true {
            let text = String(decoding: mutator.mutated(requests), as: UTF8.self)
            let hasOutput = text.contains("\"output\":\"\(place)\"")
            let names = text.ranges(of: "output").count
            guard !text.utf8.contains(0x0a), names == (hasOutput ? 1 : 0) else { continue }
            return text.replacing(
                "\"output\":\"\(place)\"",
                with: "\"output\":\"\(output.string)\""
            )
        }
    }

    private func expectAnswer(to id: String, in talk: WorkerTalk, _ line: String) async throws {
        do {
            while try await talk.answer().id != .text(id) {}
        } catch {
            Issue.record("\(error) after \(line.prefix(1000))")
            throw error
        }
    }
}
