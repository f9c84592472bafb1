import SystemPackage
import TestSupport
import Testing

/// What help and documentation show can be typed as it stands.
@Suite struct DocumentationTests {
    private let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()

    @Test(arguments: [
        "README.md", "docs/saliency.md", "docs/depth.md", "docs/manifest.md", "docs/progress.md",
        "docs/tools.md",
        "docs/export.md", "docs/library.md",
    ])
    func theExamplesOfTheDocumentsAreUnderstood(document: String) async throws {
        let text = String(
            decoding: try MaskSet.bytes(of: root.appending(document)),
            as: UTF8.self
        )
        try await expectUnderstood(examples(in: text))
    }

    @Test(arguments: [
        [], ["masks"], ["masks", "saliency"], ["masks", "depth"], ["preview"], ["models"],
        ["tools"],
        ["tools", "install"],
        ["export"], ["library"], ["library", "check"], ["library", "export"],
    ])
    func theExamplesOfTheHelpAreUnderstood(command: [String]) async throws {
        let help = try await Program.run8cut(command + ["--help"])
        #expect(help.status == 0 && help.errors.isEmpty)
        #expect(help.output.contains("OVERVIEW") && help.output.contains("--help"))
        try await expectUnderstood(examples(in: help.output))
    }

    @Test func theReadmeShowsHowToBegin() throws {
        let text = String(
            decoding: try MaskSet.bytes(of: root.appending("README.md")),
            as: UTF8.self
        )
        #expect(text.contains("make demo\n") && text.contains("make test\n"))
        #expect(examples(in: text).count >= 4)
    }

    @Test func theVersionIsTheOneOfTheChangelog() async throws {
        let version = try await Program.run8cut(["--version"])
        let changes = String(
            decoding: try MaskSet.bytes(of: root.appending("CHANGELOG.md")),
            as: UTF8.self
        )
        let first = try #require(changes.split(separator: "\n").first { $0.hasPrefix("## ") })
        #expect(first.hasPrefix("## \(try #require(version.lines.first))"))
    }

    /// The commands in a text: lines that start with the program's name.
    private func examples(in text: String) -> [[String]] {
        text.split(separator: "\n").compactMap { line in
            let command = words(line.prefix { $0 != "#" && $0 != ">" })
            guard command.first == "8cut", line.contains("--") else { return nil }
            return Array(command.dropFirst())
        }
    }

    /// The words of a command line; those in quotation marks belong together.
    private func words(_ line: Substring) -> [String] {
        line.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .flatMap { place, part in
                place % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
            }
    }

    /// The files that the examples name do not exist, nor do Python and the library that it
    /// brings: that, and nothing earlier, must be wrong.
    private func expectUnderstood(_ examples: [[String]]) async throws {
        let folder = try TemporaryFolder()
        for example in examples {
            let result = try await Program.run8cut(
                example,
                environment: ["EIGHTCUT_HOME": folder["home"].string, "PATH": folder.path.string],
                in: folder.path
            )
            let needsTools = [["tools", "install"], ["masks", "depth"]]
                .contains { example.starts(with: $0) }
            #expect(
                (needsTools ? [66, 69] : [0, 66]).contains(result.status),
                "\(example): \(result.errors)"
            )
        }
    }
}
