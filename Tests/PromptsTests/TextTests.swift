import Diagnostics
import Prompts
import TestSupport
import Testing

/// Texts that name objects.
@Suite struct TextTests {
    private func list(_ texts: [String], points: [String] = []) throws -> PromptList {
        var list = try PromptsTests.list(points: points)
        for text in texts { try list.append(text: text) }
        return list
    }

    @Test func aTextHasAnObjectAndNoFrame() throws {
        let texts = try list(["dog barking", "tennis ball#2", "C#, a note#3"]).texts
        #expect(texts.map(\.words) == ["dog barking", "tennis ball", "C#, a note"])
        #expect(texts.map(\.object) == [1, 2, 3])
        let error = try #require(try failure { try list(["dog@3"]) })
        #expect(error.code == .usage && error.subject == "--text dog@3")
        #expect(error.why == "it names a frame")
    }

    @Test func anObjectHasOneText() throws {
        let error = try #require(try failure { try list(["dog", "cat"]) })
        #expect(error.why.contains("object 1 has a text already: --text dog"))
        #expect(error.remedy?.contains("#2") == true)
    }

    @Test func textsAreLookedForWhereNothingElseMarksTheObject() throws {
        let both = try list(["violin#3", "dog", "cat#2"], points: ["1,2#2"])
        #expect(both.openTexts.map(\.words) == ["dog", "violin"])
        #expect(both.marks.entries.count == 1 && both.marks.texts.isEmpty && !both.isEmpty)
        #expect(try !list(["dog"]).isEmpty)
    }

    @Test func whoDoesNotLookForTextsSaysSo() throws {
        let error = try #require(
            try failure { try list(["dog"], points: ["1,2"]).resolve(width: 8, height: 8) }
        )
        #expect(error.subject == "--text dog" && error.why.contains("nothing is looked for"))
    }

    @Test func aFileMayHaveTexts() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            #"{"v": 1, "prompts": [{"text": "dog"}, {"text": "ball", "object": 2}, {"box": [1, 2, 3, 4]}]}"#,
            to: "prompts.json"
        )
        let list = try PromptList(file: file)
        #expect(list.texts.map(\.words) == ["dog", "ball"] && list.entries.count == 1)
        #expect(list.openTexts.map(\.object) == [2])
    }
}
