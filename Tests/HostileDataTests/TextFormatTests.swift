import ClipExport
import Diagnostics
import Files
import Media
import Prompts
import SystemPackage
import TestSupport
import Testing

/// JSON, tables, prompts, times: what people and other programs write.
@Suite struct TextFormatTests {
    /// JSON that is read is written and read again as the same.
    @Test func json() throws {
        try HostileInputs("json", texts: Self.json).run { input in
            for mode in [LocatedJSON.Mode.strict, .lenient] {
                let json: LocatedJSON
                do throws(JSONParseError) {
                    json = try LocatedJSON(parsing: input.bytes, mode)
                } catch {
                    #expect(error.line > 0 && error.column > 0 && !error.why.isEmpty)
                    continue
                }
                Self.checkRanges(of: json, in: input.bytes)
                _ = try? JSONFields(json) {
                    EightCutError(.usage, "cannot", because: "\($0)\($1)\($2)")
                }
                guard mode == .strict else { continue }
                let again = try LocatedJSON(parsing: Array(Self.text(json).utf8))
                #expect(Self.text(again) == Self.text(json))
            }
        }
    }

    @Test func tables() throws {
        try HostileInputs("csv", texts: Self.tables).run { input in
            guard let rows = CSVText.rows(input.text) else { return }
            #expect(rows.allSatisfy { $0.line > 0 && !$0.cells.isEmpty })
            for cells in rows.map(\.cells) where !cells.contains(where: Self.isRewritten) {
                let again = CSVText.rows(CSVText.line(cells))
                #expect(again?.map(\.cells) == [cells], "\(cells)")
            }
        }
    }

    @Test func cutLists() throws {
        let defaults = CutList.Defaults(
            input: "clip.mp4",
            name: "a",
            label: nil,
            category: nil,
            settings: CutSettings(),
            count: 2,
            spread: 1_000_000_000
        )
        try HostileInputs("cut-list", texts: Self.tables).run { input in
            let list = try CutList(try input.write(as: "cuts.csv"), defaults)
            #expect(!list.requests.isEmpty)
            for request in list.requests {
                #expect(ClipStart(request.start.description) == request.start)
                #expect((0.01...86_400).contains(request.settings.duration.value))
            }
        }
    }

    @Test func prompts() throws {
        try HostileInputs("prompts", texts: [Self.prompts]).run { input in
            let list = try PromptList(file: try input.write(as: "prompts.json"))
            #expect(!list.isEmpty && list.entries.count <= PromptList.limit)
            let copy = input.folder.appending("copy.json")
            try AtomicFile.write(list.json, to: copy)
            #expect(try PromptList(file: copy).json == list.json)
            let resolved = try list.resolve(width: 1280, height: 720, frameCount: 100)
            #expect(!resolved.fingerprint.isEmpty)
            let again = try LocatedJSON(parsing: Array(resolved.canonicalJSON.utf8))
            #expect(again.range.count > 0)
        }
    }

    @Test func promptOptions() throws {
        let examples = ["640,360,-@12#3", "0.5w,0.25h", "10,20,0.9w,180#2@5", "mask@1.png@30#2"]
        try HostileInputs("prompt-options", texts: examples).run { input in
            let text = input.text
            for append in [
                { (list: inout PromptList) in try list.append(point: text) },
                { (list: inout PromptList) in try list.append(box: text) },
                { (list: inout PromptList) in try list.append(mask: text) },
            ] {
                var list = PromptList()
                guard (try? append(&list)) != nil else { continue }
                #expect(list.entries.allSatisfy { Prompt.frames.contains($0.prompt.frame) })
                #expect(list.entries.allSatisfy { Prompt.objects.contains($0.prompt.object) })
                _ = try? list.resolve(width: 1280, height: 720, frameCount: 100)
            }
        }
    }

    @Test func times() throws {
        let examples = [
            "12.5", "1:02:03.456", "2:03", "@300", "1:02:03:12", "1m2,5s", "30000/1001", "24",
            "0.000000001",
        ]
        try HostileInputs("times", texts: examples).run { input in
            if let start = ClipStart(input.text) {
                #expect(ClipStart(start.description) == start)
                if case .time(let nanoseconds) = start {
                    #expect(ClipStart(ClipStart.clock(nanoseconds: nanoseconds)) == start)
                }
            }
            if let rate = Rational(input.text[...]) {
                #expect(rate.value > 0 && rate.value.isFinite)
                #expect(Rational(rate.description[...]) == rate)
            }
        }
    }

    // MARK: Properties

    /// The ranges of values lie in the text, and those of parts in those of the whole.
    private static func checkRanges(of json: LocatedJSON, in bytes: [UInt8]) {
        #expect(!json.range.isEmpty && json.range.upperBound <= bytes.count)
        let parts = (json.items ?? []) + (json.members ?? []).map(\.value)
        #expect(
            parts.allSatisfy {
                json.range.lowerBound < $0.range.lowerBound
                    && $0.range.upperBound < json.range.upperBound
            }
        )
        for part in parts { checkRanges(of: part, in: bytes) }
    }

    /// JSON of a value, made here, so that the order of members stays.
    private static func text(_ json: LocatedJSON) -> String {
        switch json.content {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .number(let number): "\(number)"
        case .string(let text): quoted(text)
        case .array(let items): "[" + items.map(text).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { quoted($0.name) + ":" + text($0.value) }.joined(separator: ",")
                + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": json += "\\" + String(scalar)
            case _ where scalar.value < 0x20:
                json += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }

    /// Whether a cell is written in another form than it is read in: one that a spreadsheet would
    /// run, or that has space around it.
    private static func isRewritten(_ cell: String) -> Bool {
        let scalars = Array(cell.unicodeScalars)
        guard let first = scalars.first, let last = scalars.last else { return true }
        return "=+-@\t\r\u{feff}'".unicodeScalars.contains(first) || first == " " || last == " "
            || last == "\t"
    }

    // MARK: Examples

    private static let json = [
        #"{"v": 1, "list": [0, -1.5e2, "é\n\u00e9\ud83d\ude00", true, null], "o": {"a": {}}}"#,
        "[1, 2, 3, [4, [5]], {\"x\": \"y\"}]", "\"text\"", "-12.5e-1",
    ]

    static let tables = [
        "start,name,label,category,duration\n12.5,dog,dog barking,Animal,8\n1:02:03.5,cat,,,\n",
        "input,start\r\nb.mp4,@300\r\n\"a, \"\"b\"\".mp4\",2:03\r\n", "start\n1\n2\n",
        "start,label\n1,\"a\nb\"\n2,=1+1\n",
        "sep=;\nstart;end;label;x\n1,5;0:02.5;é;\n;;;\n0:00:01:12;;;y\n",
        "[{\"start\": 1.5, \"path\": \"/a/dog_001.mp4\", \"label\": null, \"x\": NaN},\n{\"start\":\"@3\"}]",
    ]

    private static let prompts = """
        {"v": 1, "prompts": [
          {"frame": 0, "object": 1, "point": [640, 360]},
          {"frame": 0, "object": 1, "point": [10, "0.5h"], "label": 0},
          {"frame": 12, "object": 2, "box": [10, 20, "0.9w", 180]},
          {"frame": 30, "object": 3, "mask": "mask.png"}
        ]}
        """
}
