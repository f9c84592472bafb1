import SystemPackage
import TestSupport
import Testing

/// The tutorial works as it stands: its commands run in order, in one shell and one folder, and print
/// what it shows.
///
/// Output is compared line by line, with five rules: durations such as `1.2 s` are any duration;
/// `confidence 0.73` and `"confidence": 0.73` are any confidence, and so are those of `score`; `/home/you` is the test's folder; `frame N/total` lines, which are a bar on a terminal, are left out;
/// `…` alone on a line stands for any lines, also none.
@Suite struct TutorialTests {
    @Test func theTutorialShowsWhatHappens() async throws {
        let steps = try self.steps()
        #expect(steps.count > 8 && steps.count(where: { !$0.output.isEmpty }) > 6)

        let folder = try TemporaryFolder()
        let mark = "-- next step --"
        let script = steps.map(\.script).joined(separator: "\necho '\(mark)'\n")
        let result = try await Program.run(
            "bash",
            [
                "-euo", "pipefail", "-c", "exec 2>&1\nexport PATH=\"$1:$PATH\"\n\(script)", "bash",
                Program.eightCut.removingLastComponent().string,
            ],
            environment: ["EIGHTCUT_HOME": folder["home"].string],
            in: folder.path
        )

        #expect(result.status == 0, "\(result.output.suffix(2000))")
        let outputs = result.output.split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init).split(separator: mark, omittingEmptySubsequences: false)
        #expect(outputs.count == steps.count)
        for (step, output) in zip(steps, outputs) {
            let printed = output.filter { !$0.contains(/^frame \d+\/\d+$/) && !$0.isEmpty }
            let shown = step.output.map {
                $0.replacing("/home/you", with: folder.path.string)
            }
            #expect(
                matches(printed.map(anyFigures)[...], shown.map(anyFigures)[...]),
                "after \(step.script)\nshown:\n\(shown)\nprinted:\n\(printed)"
            )
        }
    }

    @Test func theRulesOfTheComparisonHold() {
        #expect(matches(["a", "b"], ["a", "b"]) && matches(["a", "b"], ["…", "b"]))
        #expect(matches(["a"], ["a", "…"]) && matches([], ["…"]))
        #expect(!matches(["a", "b"], ["a"]) && !matches(["a"], ["…", "b"]))
        #expect(anyFigures("200 masks in 1.2 s") == anyFigures("200 masks in 31 s"))
        #expect(anyFigures("200 masks in 1.2 s") != anyFigures("201 masks in 1.2 s"))
        #expect(anyFigures("a (confidence 0.7)") == anyFigures("a (confidence 0.65)"))
        #expect(anyFigures("\"confidence\": 1,") == anyFigures("\"confidence\": 0.65,"))
    }

    private struct Step {
        let script: String
        /// What the tutorial shows, line by line; empty when the commands print nothing.
        var output: [String] = []
    }

    /// A block of commands and, where one comes right after it, the block of their output.
    private func steps() throws -> [Step] {
        var steps: [Step] = []
        for block in try Document("docs/tutorial/first-dataset.md").blocks {
            switch block.language {
            case "sh": steps.append(Step(script: block.text))
            case "text" where steps.last?.output.isEmpty == true:
                steps[steps.count - 1].output = block.lines
            default: Issue.record("a block that is neither commands nor their output: \(block)")
            }
        }
        return steps
    }

    private func matches(_ printed: ArraySlice<String>, _ shown: ArraySlice<String>) -> Bool {
        guard let first = shown.first else { return printed.isEmpty }
        if first == "…" {
            return (printed.startIndex...printed.endIndex).contains {
                matches(printed[$0...], shown.dropFirst())
            }
        }
        return printed.first == first && matches(printed.dropFirst(), shown.dropFirst())
    }

    private func anyFigures(_ line: String) -> String {
        line.replacing(/\d+(\.\d+)? s\b/, with: "N s")
            .replacing(/(confidence|score)(":)? [01](\.\d+)?/) { "\($0.1) N" }
    }
}
