import Detection
import Diagnostics
import Files
import SystemPackage
import Testing

@Suite struct LabelQueriesTests {
    /// Queries as Tests/Fixtures/labels has them; empty where the label names no thing.
    private func text(of label: String) -> String {
        guard let queries = try? LabelQueries(label: label).queries else { return "" }
        return queries.map { $0.weight < 1 ? "(\($0.text))" : $0.text }.joined(separator: " | ")
    }

    @Test func labelsOfVGGSoundAskForTheThingsThatAPersonWouldLookFor() throws {
        let file = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .pushing("Fixtures/labels/vggsound.txt")
        let bytes = try SmallFile.read(file, limit: 1 << 20)
        let lines = String(decoding: bytes, as: UTF8.self).exactLines
        let cases = lines.compactMap { $0.divided(atFirst: "→") }
        #expect(cases.count == 309)
        for (label, queries) in cases {
            #expect(text(of: String(label.trimmed)) == String(queries.trimmed), "\(label)")
        }
    }

    @Test(arguments: [
        ("Dog", "dog"), ("dogs", "dog"), ("a dog barking loudly", "dog"),
        ("the sound of a dog", "dog"), ("cat (meow)", "cat"), ("playing_violin", "violin"),
        ("man playing guitar", "guitar"), ("violins playing", "violin"),
        ("male_speech", "man"), ("a man is speaking", "man"), ("someone whistling", "person"),
        ("king crab snapping", "king crab"), ("washing machine spinning", "washing machine"),
        ("horse's hooves", "horse hoof"), ("gas stove", "gas stove"), ("class", "class"),
        ("boxes falling", "box"), ("wolves howling at the moon", "wolf"),
    ])
    func labelsOfOthersAreReduced(_ label: String, _ queries: String) {
        #expect(text(of: label) == queries)
    }

    @Test func aKindCountsLessThanTheName() throws {
        let queries = try LabelQueries(label: "francolin calling").queries
        #expect(queries.map(\.text) == ["francolin", "bird"])
        #expect(queries[0].weight == 1 && queries[1].weight < 1)
    }

    @Test func whatIsNoThingIsTold() {
        for label in ["thunder", "rain on a roof", "music", "the sound of silence", "raining"] {
            #expect(throws: LabelQueries.Problem.noThing, "\(label)") {
                try LabelQueries(label: label)
            }
        }
        for label in ["犬", "собака", "???", "12"] {
            #expect(throws: LabelQueries.Problem.notEnglish, "\(label)") {
                try LabelQueries(label: label)
            }
        }
        for label in ["", " \t\u{A0}"] {
            #expect(throws: LabelQueries.Problem.empty) { try LabelQueries(label: label) }
        }
    }
}
