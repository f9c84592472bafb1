import ClipExport
import Diagnostics
import Files
import Glibc
import Media
import SystemPackage
import TestSupport
import Testing

/// Tables of cuts as people, spreadsheets and other programs write them.
@Suite struct CutTableTests {
    private func list(_ bytes: [UInt8], _ name: String? = "a") throws -> CutList {
        let folder = try TemporaryFolder()
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: folder["cuts.csv"]) }
        let defaults = CutList.Defaults(
            input: "/v.mp4",
            name: name,
            label: nil,
            category: nil,
            settings: CutSettings(),
            count: 1,
            spread: 1_000_000_000
        )
        return try CutList(folder["cuts.csv"], defaults)
    }

    private func rows(_ text: String) throws -> [String] {
        try list(Array(text.utf8)).requests.map(Self.row)
    }

    private static func row(_ request: ExportRequest) -> String {
        "\(request.start) \(request.settings.duration) \(request.label ?? "-")"
    }

    /// What is wrong, and what to do about it.
    private func fault(_ bytes: [UInt8]) throws -> (why: String, remedy: String) {
        let error = try #require(throws: EightCutError.self) { try list(bytes) }
        #expect(error.code == .usage)
        return (error.why, error.remedy ?? "")
    }

    @Test(arguments: [
        "start,duration,label\n1.5,2,café\n3,,\n", "start;duration;label\n1,5;2;café\n3;;\n",
        "start\tduration\tlabel\n1,5\t2\tcafé\n3\t\t\n",
        "sep=;\nstart;duration;label\n1,5;2;café\n3\n",
        "\"sep=,\"\r\nstart,duration,label\r\n\"1,5\",2,café\r\n3\r\n",
        "start,duration,label\r1.5,2,café\r3\r",
        "\n\nStart , DURATION,label,\n,,\n1.5,2,café,,\n\n3,,,\n,\n",
        "label;start;end\ncafé;1,5;3,5\n\"\";3;\n",
        "start,end,duration,label\n1.5,3.5,2,café\n3,,,",
        "[{\"start\":1.5,\"duration\":2,\"label\":\"café\",\"score\":NaN},\n {\"start\":\"0:03\"}]",
    ])
    func separatorsAndColumns(text: String) throws {
        #expect(try rows(text) == ["1.5 2/1 café", "3 8/1 -"])
    }

    @Test func encodings() throws {
        let text = "start;label\n1,5;café\n"
        let utf16 = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let windows = Array("start;label\n1,5;caf".utf8) + [0xE9, 0x0A]
        for (bytes, note) in [
            ([0xEF, 0xBB, 0xBF] + Array(text.utf8), nil), ([0xFF, 0xFE] + utf16, nil), (utf16, nil),
            (windows, "line 2 is not UTF-8: the table was read as Windows-1252"),
        ] {
            let list = try list(bytes)
            #expect(list.requests.map(Self.row) == ["1.5 8/1 café"])
            #expect(list.notes.count == (note == nil ? 0 : 1))
            if let note { #expect(list.notes[0].contains(note), "\(list.notes)") }
        }
    }

    @Test func columnsThatAreNotUsedAreNamedOnce() throws {
        let list = try list(Array("start,rating,id,who\n1,5,7,me\n2,4,8,you\n".utf8))
        #expect(list.requests.count == 2)
        #expect(list.notes == ["'cuts.csv': the columns 'rating', 'who' are not used."])
    }

    @Test func oneColumnHasDecimalCommas() throws {
        #expect(try rows("start\n1,5\n2.5,\n\n3\n") == ["1.5 8/1 -", "2.5 8/1 -", "3 8/1 -"])
    }

    @Test(arguments: [
        ("1.5", 1_500_000_000), (".5", 500_000_000), ("00:00:01,500", 1_500_000_000),
        ("1s", 1_000_000_000), ("500ms", 500_000_000), ("1m 2.5s", 62_500_000_000),
        ("1h2min3s", 3_723_000_000_000), ("1:02:03.5", 3_723_500_000_000), ("1,5", 1_500_000_000),
    ])
    func times(text: String, nanoseconds: Int) {
        #expect(ClipStart(text) == .time(nanoseconds: nanoseconds))
    }

    @Test(arguments: [
        "", "s", "1x", "1s2m", "1.2.3", "1.000,5", "1,000,5", "-1", "1:60:00", "1:2:3:4:5", "@",
        "@x",
        ".", ":", "1e3", "00:00:01;12",
    ])
    func whatIsNoStart(text: String) {
        #expect(ClipStart(text) == nil)
    }

    @Test func timeCodesCountFrames() throws {
        let code = try #require(Timecode("01:00:00:12"))
        #expect(code.seconds == 3600 && code.frames == 12)
        #expect(ClipStart("\(code)") == .timecode(code))
        // In the middle of frame 90,012 at 25 fps, and of frame 108,000 at 30000/1001.
        #expect(code.nanoseconds(at: 25) == 3_600_500_000_000)
        let ntsc = try #require(Timecode("1:00:00:00")).nanoseconds(at: 30000.0 / 1001)
        #expect(ntsc == Int((108_000.5 * 1001 / 30000 * 1e9).rounded()))
        #expect(Timecode("0:0:0:25")?.nanoseconds(at: 25) == nil)
        #expect(Timecode("0:0:0:29")?.nanoseconds(at: 30000.0 / 1001) != nil)
    }

    /// The line is that of the mistake, and the remedy fits it.
    @Test func mistakes() throws {
        let utf8 = { (text: String) in Array(text.utf8) }
        for (bytes, why, remedy) in [
            (utf8("start\n1\nsoon\n"), "line 3: 'soon' is no start", "Write seconds"),
            (utf8("start,label\n1,a\n2,\"b\n\n3,c"), "line 3: a quotation mark", "Close it"),
            (utf8("start,end\r3,4\r3,2\r"), "line 3: it ends at '2', before", "not a duration"),
            (
                utf8("start,end,duration\n1,3,5\n"), "line 2: from start to end it is 2 s",
                "Leave one"
            ),
            (utf8("start,input\n1,5,v.mp4\n"), "line 2: it has more cells", "in quotes"),
            (utf8("begin,label\n1,a\n"), "line 1: it must name the columns", "The columns are"),
            (utf8("start,start\n1,2\n"), "line 1: the column 'start' comes twice", "The columns"),
            (
                utf8("start,label\n\"0:00:01;12\",a\n"), "line 2: '0:00:01;12' is a drop-frame",
                "@frame"
            ),
            (utf8("start\n1\n") + [0], "line 3: it has a zero byte", "CSV, in UTF-8"),
            (utf8("start,label\n1,é\n2,caf") + [0xE9], "line 3: it is not UTF-8", "in UTF-8"),
            (utf8("[{\"start\":1},\n{\"start\":tomorrow}]"), "line 2: expected a value", "JSON"),
        ] {
            let fault = try fault(bytes)
            #expect(fault.why.contains(why), "\(fault)")
            #expect(fault.remedy.contains(remedy), "\(fault)")
        }
    }

    /// Names are the same file however their letters are composed.
    @Test func filesAreFoundInWhateverFormTheyAreTyped() throws {
        let folder = try TemporaryFolder()
        let name = "cafe\u{301} 1.mp4"
        try Folder.create(folder["Fo\u{308}n"])
        try AtomicFile.write("x", to: folder["Fo\u{308}n"].appending(name))
        for typed in [
            "F\u{f6}n/caf\u{e9} 1.mp4", "Fo\u{308}n\\caf\u{e9} 1.mp4", "Fo\u{308}n/" + name,
            "file://\(folder.path)/Fo%CC%88n/cafe%CC%81%201.mp4",
        ] {
            try AtomicFile.write("start,input,name\n1,\"\(typed)\",a\n", to: folder["cuts.csv"])
            let defaults = CutList.Defaults(
                input: nil,
                name: nil,
                label: nil,
                category: nil,
                settings: CutSettings(),
                count: 1,
                spread: 1_000_000_000
            )
            let input = try CutList(folder["cuts.csv"], defaults).requests[0].input
            #expect(access(input.string, F_OK) == 0, "\(typed): \(input)")
        }
    }
}
