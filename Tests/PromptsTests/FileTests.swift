import Diagnostics
import Files
import Prompts
import SystemPackage
import TestSupport
import Testing

/// `--prompts FILE`, and the same list from elsewhere.
@Suite struct FileTests {
    private func read(_ text: String) throws -> PromptList {
        let folder = try TemporaryFolder()
        return try PromptList(file: folder.write(text, to: "prompts.json"))
    }

    @Test func everyFieldIsRead() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            {"v": 1, "prompts": [
              {"point": [640, 360]},
              {"frame": 0, "object": 2, "point": [10, "0.5h"], "label": 0},
              {
                "frame": 12.0,
                "object": 2,
                "box": [10, 20, "0.9w", 180]
              },
              {"frame": 30, "object": 3, "mask": "masks/a@1.png"},
              {"object": 3, "mask": "/b.png"}]}
            """,
            to: "prompts.json"
        )
        let list = try PromptList(file: file)
        let corners = (
            Coordinate(x: .pixels(10), y: .pixels(20)),
            Coordinate(x: .fraction(0.9), y: .pixels(180))
        )
        let points = (
            Coordinate(x: .pixels(640), y: .pixels(360)),
            Coordinate(x: .pixels(10), y: .fraction(0.5))
        )
        #expect(
            list.entries.map(\.prompt) == [
                Prompt(frame: 0, object: 1, .point(points.0, isPositive: true)),
                Prompt(frame: 0, object: 2, .point(points.1, isPositive: false)),
                Prompt(frame: 12, object: 2, .box(corners.0, corners.1)),
                Prompt(frame: 30, object: 3, .mask(folder.path.appending("masks/a@1.png"))),
                Prompt(frame: 0, object: 3, .mask("/b.png")),
            ]
        )
        #expect(
            list.entries.map(\.origin.description) == [
                "\(file), prompt 1 (line 2)", "\(file), prompt 2 (line 3)",
                "\(file), prompt 3 (line 4)", "\(file), prompt 4 (line 9)",
                "\(file), prompt 5 (line 10)",
            ]
        )
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        let folder = try TemporaryFolder()
        var list = PromptList()
        try list.append(point: "1.5,0.1h,-@3#2")
        try list.append(box: "0,0,1w,1e-7h")
        try list.append(mask: "/a \"b\"\\\u{1}é.png@7")
        let again = try PromptList(file: folder.write(list.json, to: "prompts.json"))
        #expect(again.entries.map(\.prompt) == list.entries.map(\.prompt))
        #expect(again.json == list.json)
    }

    @Test func filesThatAreNoneAndSizesBeyondAllLimits() throws {
        let folder = try TemporaryFolder()
        let missing = try failure { try PromptList(file: folder["missing.json"]) }
        #expect(missing?.code == .inputMissing && missing?.subject == folder["missing.json"].string)
        #expect(try failure { try PromptList(file: folder.path) }?.code == .inputMissing)
        let device = try failure { try PromptList(file: "/dev/zero") }
        #expect(device?.why.contains("plain file") == true)

        let many = (0..<10_000).map { "{\"point\":[\($0 % 100),\($0 / 100)]}" }
        let text = { (prompts: [String]) in
            "{\"v\": 1, \"prompts\": [\(prompts.joined(separator: ","))]}"
        }
        let list = try read(text(many))
        #expect(list.entries.count == 10_000)
        guard case .marks(_, let points) = input(try list.resolve(width: 100, height: 100)) else {
            Issue.record("there are no points")
            return
        }
        #expect(points.count == 10_000)
        let error = try failure { try read(text(many + [many[0]])) }
        #expect(error?.why.contains("more than 10000 prompts") == true)
    }

    @Test func aListInOneLineIsNamedByItsSourceAndHasNoLines() throws {
        let text = #"{"id": 7, "prompts": [{"mask": "a.png"}, {"point": [5, 6], "frame": 2}]}"#
        let request = try LocatedJSON(parsing: Array(text.utf8))
        let prompts = try #require(request["prompts"])
        let list = try PromptList(json: prompts, from: .line("request 7"))
        #expect(list.entries[0].prompt.content == .mask("a.png"))
        #expect(
            list.entries.map(\.origin.description) == [
                "request 7, prompt 1", "request 7, prompt 2",
            ]
        )
        let error = try failure { try PromptList(json: request, from: .line("request 7")) }
        #expect(error?.subject == "request 7" && error?.code == .inputUnusable)
    }
}
