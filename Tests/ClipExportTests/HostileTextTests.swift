import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Names and labels that break out of quotes, cells and lines where text is taken apart by
/// Character.
@Suite(.serialized) struct HostileTextTests {
    private static let video = Task {
        let folder = try TemporaryFolder()
        let path = try await CounterClip.make(folder["video.mp4"], frames: 50, seconds: 2)
        return (folder, path)
    }

    private func video() async throws -> FilePath { try await Self.video.value.1 }

    /// What would make a file if a shell ran a part of it.
    private static let breakouts = [
        "x'\u{301};touch PWNED;'\u{301}", "x'\u{200d};touch PWNED;'\u{200d}",
        "$(touch PWNED)\u{301}", "x\"\u{301};touch PWNED;\"\u{301}", "`touch PWNED`",
        "x\u{1b}'\u{301};touch PWNED;'\u{301}\u{1b}", "x'\u{20dd}&touch PWNED&'\u{20dd}",
    ]

    @Test(arguments: breakouts) func aDryRunCanBePasted(text: String) async throws {
        let bench = try ExportBench()
        let input = bench.folder[text + ".mp4"]
        let video = try await video()
        #expect(link(video.string, input.string) == 0)
        let times = ["--start", "0", "--duration", "1", "--dry-run"]
        let table = "input,start,name,label\n\(Self.csv(text + ".mp4")),0,n,\(Self.csv(text))\n"
        try AtomicFile.write(table, to: bench.folder["cuts.csv"])
        let runs = [
            ["export", "-i", input.string, "--to", "clips", "--name", "a"] + times,
            ["export", "-i", input.string, "--to", text, "--name", "a"] + times,
            ["export", "-i", video.string, "--to", text, "--name", "a", "--format", "png"] + times,
            ["export", "-i", video.string, "--to", "clips", "--name", "a", "--label", text] + times,
            ["export", "--list", "cuts.csv", "--to", "clips", "--duration", "1", "--dry-run"],
        ]
        for arguments in runs {
            try await paste(arguments, bench)
        }
        // A name with control characters is refused.
        guard !text.unicodeScalars.contains("\u{1b}") else { return }
        try await paste(
            ["export", "-i", video.string, "--to", "clips", "--name", text] + times,
            bench
        )
    }

    private func paste(_ arguments: [String], _ bench: ExportBench) async throws {
        let result = try await bench.run(arguments)
        #expect(result.status == 0, "\(arguments): \(result.errors)")
        #expect(!result.output.unicodeScalars.contains("\u{1b}"))
        _ = try await Program.run("bash", ["-c", result.output], in: bench.folder.path)
        #expect(access(bench.folder["PWNED"].string, F_OK) != 0, "\(result.output)")
    }

    private static func csv(_ text: String) -> String { CSVText.line([text]) }

    @Test(arguments: [
        "q\"\u{301},INJ,\"\u{301}", "=cmd|' /C calc'!A0", "-1", "@a", "+1", "'=1", "two\nlines",
        " padded ",
    ])
    func labelsAreOneCell(label: String) async throws {
        let bench = try ExportBench()
        let export = try await bench.export(
            try await video(),
            "0",
            ["--duration", "1", "--label=\(label)"]
        )
        #expect(export.status == 0, "\(export.errors)")
        let list = try await bench.run(["library", "list", "--csv"])
        let rows = try #require(CSVText.rows(list.output))
        #expect(rows.map(\.cells.count) == [17, 17])
        let cell = try #require(rows.last?.cells[2])
        #expect(CSVText.text(ofCell: cell) == label)
        #expect(!["=", "+", "-", "@"].contains(cell.unicodeScalars.first))
    }

    @Test(arguments: [
        "a/\u{301}b", "/\u{200d}b", ".\u{301}b", "a\u{7f}b", "a\u{85}b", "a\u{202e}b",
        "a\u{2066}b", "a\u{200f}b",
    ])
    func namesThatHideOrLeadElsewhereAreRefused(name: String) async throws {
        let bench = try ExportBench()
        let options = ["--duration", "1", "--name", name]
        let result = try await bench.export(try await video(), "0", options)
        #expect(result.status == 64, "\(result.errors)")
        #expect(access(bench.clips.string, F_OK) != 0)
        #expect(!result.errors.unicodeScalars.contains("\u{202e}"))
    }

    @Test func aPercentSignBeforeAMarkIsAPercentSign() async throws {
        let bench = try ExportBench()
        let folder = "100%\u{301}d"
        let arguments = ["--to", folder, "--name", "a", "--format", "png"]
        let result = try await bench.run(
            ["export", "-i", try await video().string, "--start", "0", "--duration", "1"]
                + arguments
        )
        #expect(result.status == 0, "\(result.errors)")
        let images = bench.folder[folder].appending("a_001")
        #expect(try Folder.names(in: images).contains("frame_0001.png"))
    }

    @Test(arguments: ["--\u{1b}[2J", "--x\u{202e}y", "--a\nb", "\u{9b}31m", "--\u{2066}"])
    func argumentsInMessagesAreVisible(argument: String) async throws {
        let bench = try ExportBench()
        for command in [[], ["export"], ["masks", "saliency", "-i"], ["library", "show"]] {
            let result = try await bench.run(command + [argument])
            #expect(result.status != 0)
            let scalars = result.errors.unicodeScalars
            #expect(!scalars.contains { ($0.value < 0x20 && $0 != "\n") || $0.value == 0x9b })
            #expect(!scalars.contains("\u{202e}") && !scalars.contains("\u{2066}"))
            #expect(!result.errors.contains("a\nb"), "\(result.errors)")
        }
    }

    @Test func tablesShowNoControlCharacters() async throws {
        let bench = try ExportBench()
        let label = "a\u{1b}[2Jb\u{202e}c"
        let options = ["--duration", "1", "--label=\(label)"]
        let export = try await bench.export(try await video(), "0", options)
        #expect(export.status == 0, "\(export.errors)")
        for arguments in [
            ["library", "list"], ["library", "show", "1"], ["library", "find", "a"],
        ] {
            let result = try await bench.run(arguments)
            #expect(result.status == 0)
            #expect(result.output.contains("a\\u{1b}[2Jb\\u{202e}c"), "\(result.output)")
            #expect(!result.output.unicodeScalars.contains("\u{202e}"))
        }
    }
}
