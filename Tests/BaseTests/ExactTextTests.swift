import Diagnostics
import Files
import TestSupport
import Testing

/// Text of others has combining marks where they hurt.
@Suite struct ExactTextTests {
    /// Scalars that a Character takes along: an accent, a joiner, a variation selector.
    static let marks = ["\u{301}", "\u{200d}", "\u{fe0f}", "\u{20dd}"]

    @Test(arguments: marks) func separatorsBeforeMarksAreFound(mark: String) {
        #expect(("a/" + mark + "b").contains(exactly: "/"))
        #expect(("/" + mark).hasPrefix(exactly: "/"))
        #expect(("a," + mark + "b").split(exactly: ",") == ["a", Substring(mark + "b")])
        #expect(("a%" + mark).replacing(exactly: "%", with: "%%").isExactly("a%%" + mark))
        #expect(("x." + mark).removing(prefix: "x.")?.isExactly(mark) == true)
        #expect(("a\r\n" + mark + "b\n" + mark).exactLines.count == 3)
        let parts = ("k=" + mark + "v").divided(atFirst: "=")
        #expect(parts?.0 == "k")
        #expect(parts?.1.isExactly(mark + "v") == true)
    }

    @Test func suffixesAndTheLastSeparator() {
        #expect("a.png".removing(suffix: ".png") == "a")
        #expect("a.pngx".removing(suffix: ".png") == nil)
        #expect("png".removing(suffix: ".png") == nil)
        #expect(!"e\u{301}".hasSuffix(exactly: "é"))
        #expect("a.b.c".divided(atLast: ".")?.0 == "a.b")
        #expect("abc".divided(atLast: ".") == nil)
        #expect(" \t a b\r\n".trimmed == "a b")
        #expect(" \n".trimmed.isEmpty)
    }

    @Test func linesEndWithOrWithoutACarriageReturn() {
        #expect("a\r\n\r\nb\nc\r".exactLines == ["a", "b", "c"])
        #expect("".exactLines.isEmpty)
    }

    @Test func partsAreFoundWhereTheyBegin() {
        #expect("aaab".firstRange(exactly: "aab") != nil)
        #expect("aaa".firstRange(exactly: "aab") == nil)
        #expect("aaa".firstRange(exactly: "") == nil)
        #expect("éa".replacing(exactly: "a", with: "b") == "éb")
        #expect("aXXbXX".replacing(exactly: "XX", with: "") == "ab")
    }

    @Test func namesThatLookAlikeDiffer() {
        let (composed, decomposed) = ("\u{e9}.mp4", "e\u{301}.mp4")
        #expect(composed == decomposed, "what the standard library says")
        #expect(!composed.isExactly(decomposed))
        #expect(Set([ExactText(composed), ExactText(decomposed)]).count == 2)
        #expect(ExactText(composed) == ExactText(composed))
        #expect(ExactText("ab") < ExactText("b"))
        // Its canonical form is an ordinary K.
        #expect(!"\u{212a}".contains(exactly: "K"))
    }

    @Test(arguments: [
        ("\u{1b}[2J", "\\u{1b}[2J"), ("a\u{202e}b", "a\\u{202e}b"), ("\u{2066}x", "\\u{2066}x"),
        ("\u{9b}31m", "\\u{9b}31m"), ("\u{7f}", "\\u{7f}"), ("a\u{2028}b", "a\\u{2028}b"),
        ("\u{feff}a", "\\u{feff}a"), ("\u{e0041}", "\\u{e0041}"), ("a\r\nb", "a\\r\\nb"),
        ("\u{200f}", "\\u{200f}"), ("\n\u{301}", "\\n\u{301}"), ("🧑‍🚀", "🧑‍🚀"),
        ("می\u{200c}خواهم", "می\u{200c}خواهم"),
    ])
    func whatControlsATerminalIsShown(text: String, shown: String) {
        #expect(visible(text).isExactly(shown))
        #expect(visible(shown).isExactly(shown), "twice is once")
        let message = EightCutError(.usage, "cannot", on: text, because: text, remedy: text)
        let controls = "\(message)".unicodeScalars.filter { $0.value < 0x20 && $0 != "\n" }
        #expect(controls.isEmpty)
    }

    @Test func linesStayWhereTheyMay() {
        #expect(visibleLines("a\r\n\u{1b}b\n").isExactly("a\\r\n\\u{1b}b\n"))
    }

    @Test func longTextsLoseTheirMiddle() {
        let long = "begin" + String(repeating: "x", count: 5_000_000) + "end"
        #expect(visible(long).count < 5000)
        #expect(quoted(long).hasPrefix("'begin"))
        #expect(quoted(long).hasSuffix("end'"))
        #expect(quoted(long).count < 700)
        let name = String(repeating: "ж", count: 600)
        #expect(quoted(name) == "'" + name + "'")
        #expect("\(EightCutError(.usage, "cannot", because: long))".count < 5000)
    }

    @Test(arguments: [
        "", "'", "\"", "a'b", "$(touch PWNED)", "`touch PWNED`", "\\", "!!", "~", "=ls", "#", "*",
        "a'\u{301};touch PWNED;'\u{301}", "'\u{200d}", "a\nb", "\u{1b}[31m'", "\u{1b}\\'$(x)",
        "tab\t'\\n", "a\u{202e}'b", "\u{7f}7'", "ünï 🧑‍🚀", "é", "e\u{301}", "-n", "%s",
    ])
    func shellsReadTheWordThatWasMeant(text: String) async throws {
        for shell in ["bash", "sh"] {
            let line = "printf '%s' " + shellWord(text)
            #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f })
            let result = try await Program.run(shell, ["-c", line])
            #expect(result.status == 0, "\(shell): \(result.errors)")
            // Not every sh knows $'…'; none may take it apart.
            if shell == "sh", line.contains("$'") { continue }
            #expect(result.output.isExactly(text), "\(shell): \(line)")
        }
    }
}

/// Tables for spreadsheets.
@Suite struct CSVCellTests {
    @Test(arguments: [
        "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'", "'=1", "''=1", "'a",
        "a=1", "\u{ff1d}1", "", "=\u{301}1", "it's", "-\u{200d}",
    ])
    func textsComeBack(text: String) throws {
        let cell = CSVText.cell(ofText: text)
        #expect(CSVText.text(ofCell: cell).isExactly(text))
        let line = CSVText.line([cell, "next"])
        let rows = try #require(CSVText.rows(line))
        #expect(rows.count == 1)
        let cells = try #require(rows.first?.cells)
        #expect(cells.count == 2)
        #expect(CSVText.text(ofCell: cells[0]).isExactly(text))
    }

    @Test(arguments: ["=1", "+1", "-1", "@a", "\ta", "\ra", "=\u{301}"])
    func noCellBeginsAFormula(text: String) {
        #expect(CSVText.cell(ofText: text).unicodeScalars.first == "'")
    }

    @Test func ordinaryTextsStay() {
        for text in ["dog barking", "'quoted'", "/a/b.mp4", "it's -1", "1", ""] {
            #expect(CSVText.cell(ofText: text) == text)
        }
    }

    @Test(arguments: ExactTextTests.marks) func quotesBeforeMarksAreDoubled(mark: String) throws {
        let text = "q\"" + mark + ",INJ,\"" + mark
        let line = CSVText.line(["1", text, "2"])
        let cells = try #require(CSVText.rows(line)?.first?.cells)
        #expect(cells.count == 3)
        #expect(cells[1].isExactly(text))
    }

    @Test func spacesAroundACellComeBack() throws {
        let cells = [" a", "b\t", "", "c;d", "\"", "e\r\nf"]
        #expect(try #require(CSVText.rows(CSVText.line(cells))?.first?.cells) == cells)
    }
}
