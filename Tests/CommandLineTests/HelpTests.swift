import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// `--help` of every command. After a change run
/// `EIGHTCUT_UPDATE_HELP=1 swift test --filter HelpTests`, and read what has changed in
/// Tests/Fixtures/help.
@Suite struct HelpTests {
    private static let folder = FilePath(#filePath).removingLastComponent()
        .removingLastComponent().appending("Fixtures").appending("help")

    @Test(arguments: HelpPage.all) func theHelpIsTheOneOnRecord(page: HelpPage) throws {
        let path = Self.folder.appending(page.words.joined(separator: "-") + ".txt")
        if getenv("EIGHTCUT_UPDATE_HELP") != nil {
            try AtomicFile.write(page.text, to: path)
        }
        guard try Folder.kind(of: path) == .file else {
            Issue.record("\(path) is missing: see above how to write it")
            return
        }
        let recorded = String(decoding: try MaskSet.bytes(of: path), as: UTF8.self)
        #expect(page.text == recorded)
    }

    @Test func noRecordIsLeftOver() throws {
        let names = Set(HelpPage.all.map { $0.words.joined(separator: "-") + ".txt" })
        #expect(Set(try Folder.names(in: Self.folder)) == names)
    }

    @Test(arguments: HelpPage.all) func everyLineFitsTheTerminal(page: HelpPage) {
        for line in page.lines { #expect(line.count <= 80, "\(line)") }
    }

    /// A line ends because the next word does not fit, or because the paragraph ends there.
    @Test(arguments: HelpPage.all) func paragraphsAreFilled(page: HelpPage) {
        for (line, next) in zip(page.lines, page.lines.dropFirst()) where continues(line, next) {
            let word = next.drop { $0 == " " }.prefix { $0 != " " }
            #expect(line.count + 1 + word.count >= 80, "\(line)\n\(next)")
        }
    }

    @Test(arguments: HelpPage.all) func everyExampleIsWholeOnOneLine(page: HelpPage) {
        guard let heading = page.lines.firstIndex(of: "Examples:") else {
            #expect(!page.isLeaf || !page.isVisible, "there are no examples")
            return
        }
        let examples = page.lines[(heading + 1)...].prefix { !$0.isEmpty }
        #expect(!examples.isEmpty)
        for example in examples {
            #expect(example.hasPrefix("  8cut ") && example.count <= 76, "\(example)")
        }
    }

    @Test func theManualAndNotTheHelpListsTheExitStatuses() throws {
        let root = try #require(HelpPage.all.first)
        #expect(!root.text.contains("130") && root.text.contains("man 8cut"))
    }

    /// Whether two lines belong to one paragraph of the overview, or to the text of one option.
    private func continues(_ line: String, _ next: String) -> Bool {
        let column = String(repeating: " ", count: 26)
        if next.hasPrefix(column) {
            let text = line.dropFirst(25)
            return text.first == " " && !text.dropFirst().hasPrefix("<")
        }
        let isText = { (line: String) in line.first.map { $0 != " " } ?? false }
        return isText(line) && isText(next) && !line.hasSuffix(":")
    }
}
