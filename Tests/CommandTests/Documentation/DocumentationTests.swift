import Files
import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

/// What help and documentation show can be typed as it stands.
@Suite struct DocumentationTests {
    @Test func allDocumentsAreFound() {
        #expect(Document.names.count > 25)
        for name in ["README.md", "CONTRIBUTING.md", "docs/reference/sam.md", "docs/glossary.md"] {
            #expect(Document.names.contains(name))
        }
    }

    @Test(arguments: Document.names)
    func theExamplesOfTheDocumentsAreUnderstood(name: String) async throws {
        let document = try Document(name)
        for block in document.blocks where block.language == "sh" {
            let examples = Shell.examples(in: block.text)
            #expect(
                !block.mentionsProgram || !examples.isEmpty,
                "nothing to check in:\n\(block.text)"
            )
            try await expectUnderstood(examples)
        }
    }

    /// A block that is not marked as `sh` is not checked, so none may show commands.
    @Test(arguments: Document.names)
    func commandsAreInShellBlocks(name: String) throws {
        for block in try Document(name).blocks where block.language != "sh" {
            #expect(Shell.examples(in: block.text).isEmpty, "\(block.text)")
        }
    }

    @Test func theExamplesOfTheHelpAreUnderstood() async throws {
        let commands = try await Subcommand.all()
        #expect(commands.count > 20)
        for command in commands {
            let help = try await Program.run8cut(command + ["--help"])
            #expect(help.status == 0 && help.errors.isEmpty, "\(command)")
            #expect(help.output.contains("OVERVIEW") && help.output.contains("--help"))
            // A line of an option's help may begin with the name too, further to the right.
            let shown = help.lines.filter { $0.contains(/^ {1,8}8cut\s/) }
            let examples = shown.flatMap(Shell.examples)
            #expect(
                !help.output.lowercased().contains("examples:") || !examples.isEmpty,
                "\(command)"
            )
            #expect(examples.count == shown.count, "\(command)")
            try await expectUnderstood(examples)
        }
    }

    @Test func theReadmeShowsHowToBegin() throws {
        let readme = try Document("README.md")
        #expect(readme.text.contains("make demo\n") && readme.text.contains("make test\n"))
        let examples = readme.blocks.filter { $0.language == "sh" }
            .flatMap { Shell.examples(in: $0.text) }
        #expect(examples.count >= 4)
    }

    @Test(arguments: Document.names)
    func linksLeadSomewhere(name: String) throws {
        let document = try Document(name)
        for link in document.links {
            let (target, anchor) = document.target(of: link)
            guard target.hasSuffix(".md") else {
                let kind = try Folder.kind(of: Document.root.appending(target))
                #expect(kind != .missing, "\(link)")
                continue
            }
            guard let other = try? Document(target) else {
                Issue.record("\(name) links to \(link), which is missing")
                continue
            }
            #expect(anchor.isEmpty || other.anchors.contains(anchor), "\(link)")
        }
    }

    /// A table whose ruled row has another number of columns than its head is shown as plain text.
    @Test(arguments: Document.names)
    func tablesHaveOneNumberOfColumns(name: String) throws {
        let lines = try Document(name).text.split(separator: "\n", omittingEmptySubsequences: false)
        for (head, rule) in zip(lines, lines.dropFirst()) where rule.hasPrefix("| ---") {
            let bars = [head, rule].map { $0.replacing("\\|", with: "").count { $0 == "|" } }
            #expect(bars[0] == bars[1], "\(head)")
        }
    }

    @Test func theIndexListsEveryDocument() throws {
        let index = try Document("docs/README.md")
        let listed = Set(index.links.map { index.target(of: $0).name })
        for name in Document.names where name.hasPrefix("docs/") && name != index.name {
            #expect(listed.contains(name), "\(name)")
        }
    }

    @Test func theVersionIsTheOneOfTheChangelog() async throws {
        let version = try #require(try await Program.run8cut(["--version"]).lines.first)
        let changes = try Document("CHANGELOG.md").text
        let first = try #require(changes.split(separator: "\n").first { $0.hasPrefix("## ") })
        #expect(first.hasPrefix("## \(version)"))

        // What the software centre shows: the same version and day, and none before a release.
        let metainfo = String(
            decoding: try MaskSet.bytes(
                of: Document.root.appending("data/io.github.eightcut.EightCut.metainfo.xml")
            ),
            as: UTF8.self
        )
        if let day = first.firstMatch(of: /\d{4}-\d\d-\d\d/) {
            #expect(metainfo.contains("<release version=\"\(version)\" date=\"\(day.0)\""))
        } else {
            #expect(first == "## \(version) (unreleased)")
            #expect(!metainfo.contains("<release version=\"\(version)\""))
        }
    }

    /// The files that the examples name do not exist, nor do Python, curl and the library that
    /// Python brings: that, and nothing earlier, must be wrong.
    private func expectUnderstood(_ examples: [[String]]) async throws {
        let folder = try TemporaryFolder()
        for example in examples {
            let result = try await Program.run8cut(
                example,
                environment: [
                    "EIGHTCUT_HOME": folder["home"].string, "PATH": folder.path.string,
                    "HF_HUB_CACHE": folder["hub"].string, "EIGHTCUT_ONNXRUNTIME": "",
                ],
                in: folder.path
            )
            let needsTools = [
                ["tools", "install"], ["models", "download"], ["masks", "depth"], ["masks", "sam"],
                ["verify"], ["doctor"],
            ].contains { example.starts(with: $0) }
            // Nor are there credentials of a store.
            let needsStore = example.contains { $0.hasPrefix("s3://") }
            let expected: [Int32] = needsTools ? [66, 69] : needsStore ? [0, 66, 77] : [0, 66]
            // A list on standard input is empty here.
            let isEmptyList = result.status == 64 && result.errors.contains("it has no rows")
            #expect(
                expected.contains(result.status) || example.contains("-") && isEmptyList,
                "\(example): \(result.status) \(result.errors)"
            )
        }
    }
}

/// The subcommands, as the parser itself lists them.
private enum Subcommand {
    private struct Dump: Decodable {
        let command: Command
    }

    private struct Command: Decodable {
        let commandName: String
        let shouldDisplay: Bool?
        let subcommands: [Command]?

        func paths(below path: [String]) -> [[String]] {
            guard shouldDisplay != false, commandName != "help" else { return [] }
            return [path] + (subcommands ?? []).flatMap { $0.paths(below: path + [$0.commandName]) }
        }
    }

    /// The words of every subcommand that help shows; those of the program itself are none.
    static func all() async throws -> [[String]] {
        let dump = try await Program.run8cut(["--experimental-dump-help"])
        return try JSONDecoder().decode(Dump.self, from: Data(dump.output.utf8)).command
            .paths(below: [])
    }
}
