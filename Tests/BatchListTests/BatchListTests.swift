import BatchList
import Diagnostics
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Lists of rows, as people and programs write them.
@Suite struct BatchListTests {
    @Test func pathsCountFromTheFolderOfTheList() throws {
        let lists = try Lists()
        let row = try #require(
            try lists.rows([
                #"{"id":"a","input":"../v/a.mp4","output":"/m/./a","method":"sam","#
                    + #""prompts":"p/a.json","label":"dog","frames":200,"#
                    + #""settings":{"memories":3,"objects":"labels","overwrite":true},"#
                    + #""device":"cpu","precision":"fp32","revision":"1+2"}"#
            ]).first
        )
        let folder = lists.folder.path
        #expect(
            row.video
                == .clip(try BatchPlace("../v/a.mp4", in: folder))
        )
        guard case .clip(let input) = row.video else { return }
        #expect(input.path == folder.removingLastComponent().appending("v").appending("a.mp4"))
        #expect(row.output.path == "/m/a")
        #expect(row.prompts?.path == folder.appending("p").appending("a.json"))
        #expect(row.method == .sam && row.label == "dog" && row.frames == 200 && row.line == 1)
        #expect(
            row.options == [
                "memories": .number(3), "objects": .text("labels"), "overwrite": .flag(true),
                "device": .text("cpu"), "precision": .text("fp32"),
            ]
        )
        #expect(row.pins.revision == "1+2")
        #expect(row.cost == 200 * BatchMethod.sam.cost)
    }

    @Test func standardInputCountsFromTheCurrentFolder() throws {
        let ends = try FileDescriptor.pipe()
        _ = try ends.writeEnd.writeAll((Lists.row("a") + "\n" + Lists.row("b")).utf8)
        try ends.writeEnd.close()
        defer { try? ends.readEnd.close() }
        let list = try BatchList("-", input: ends.readEnd)
        #expect(list.count == 2)
        let row = try list.row(1)
        #expect(row.output.path == FilePath("b_masks").absolute)
        #expect(row.line == 2)
    }

    @Test func aCutHasASourceAndAFileOfItsOwn() throws {
        let lists = try Lists()
        let rows = try lists.rows([
            #"{"id":"a","source":"v.mkv","start":12.5,"output":"o/a_masks/","method":"saliency"}"#,
            #"{"id":"b","source":"v.mkv","start":"1:02.5","duration":8,"profile":"mmaudio-16k","#
                + #""clip":"clips/b.mp4","output":"o/b","method":"depth"}"#,
            #"{"id":"c","source":"v.mkv","start":0,"output":"o/c","method":"saliency"}"#,
        ])
        let cuts = rows.compactMap { row -> BatchRow.Cut? in
            guard case .cut(let cut) = row.video else { return nil }
            return cut
        }
        let folder = lists.folder.path
        #expect(cuts.map(\.start) == ["12.5", "1:02.5", "0"])
        #expect(cuts.map(\.duration) == [nil, "8", nil])
        #expect(cuts.map(\.profile) == [nil, "mmaudio-16k", nil])
        #expect(
            cuts.map(\.clip.path) == [
                folder.pushing("o/a.mp4"), folder.pushing("clips/b.mp4"),
                folder.pushing("o/c.mp4"),
            ]
        )
    }

    @Test func objectsOfAStoreAreNoPaths() throws {
        let rows = try Lists().rows([
            #"{"id":"a","input":"s3://b/k ü+1.mp4","output":"s3://b/m/a","method":"saliency"}"#
        ])
        #expect(rows[0].output.path == nil)
        #expect(rows[0].output.location == .object("s3://b/m/a"))
        #expect(rows[0].video == .clip(try BatchPlace("s3://b/k ü+1.mp4", in: "/")))
    }

    @Test func emptyLinesAndLineEndsOfWindowsAreNoMistakes() throws {
        let lists = try Lists()
        let list = try lists.open("\n  \n\(Lists.row("a"))\r\n\r\n\n\(Lists.row("b"))")
        #expect(list.count == 2)
        #expect(try (0..<2).map { try list.row($0).line } == [3, 6])
    }

    @Test func aRowIsReadAsItWasWritten() throws {
        let lists = try Lists()
        let rows = try lists.rows([
            Lists.row("ä b", #""label": "\"x\"\n", "frames": 3, "settings": {"threshold": 99}"#),
            #"{"id":"b","source":"v.mkv","start":1.25,"duration":"8","output":"o/b","#
                + #""method":"depth","prompts":"p","device":"cuda:1","precision":"fp16","#
                + #""revision":"2","settings":{"steady":true,"threshold":"otsu"}}"#,
        ])
        try BatchListFile.write(to: lists.folder["again.jsonl"]) { add in
            for row in rows { try add(row) }
        }
        let again = try BatchList(lists.folder["again.jsonl"].string)
        #expect(try (0..<again.count).map(again.row) == rows)
        #expect(try (0..<again.count).map { try again.row($0).digest } == rows.map(\.digest))
    }

    @Test func theDigestIsThatOfTheWork() throws {
        let rows = try Lists().rows([
            Lists.row("a", #""label": "x", "frames": 3"#), Lists.row("b"),
        ])
        var other = rows[0]
        (other.label, other.frames) = (nil, 7)
        #expect(other.digest == rows[0].digest)
        other.settings = ["threshold": .number(1)]
        #expect(other.digest != rows[0].digest)
        #expect(rows[1].digest != rows[0].digest)
    }

    @Test func aListThatChangesIsNotReadOn() throws {
        let lists = try Lists()
        let list = try lists.open([Lists.row("a"), Lists.row("b")])
        // Another list under its name changes nothing.
        try AtomicFile.write(Lists.row("z"), to: lists.folder["list.jsonl"])
        #expect(try list.row(1).id == "b")
        let other = try BatchList(lists.folder["list.jsonl"].string)
        let file = try FileDescriptor.open(lists.folder["list.jsonl"], .writeOnly)
        _ = try file.closeAfter { try file.writeAll((Lists.row("y") + "\n\n").utf8) }
        let error = #expect(throws: EightCutError.self) { try other.row(0) }
        #expect(error?.why == "it was changed meanwhile")
    }

    @Test func aListThatIsNotThere() throws {
        let folder = try TemporaryFolder()
        let missing = #expect(throws: EightCutError.self) {
            try BatchList(folder["none.jsonl"].string)
        }
        #expect(missing?.code == .inputMissing)
        let noFile = #expect(throws: EightCutError.self) { try BatchList(folder.path.string) }
        #expect(noFile?.code == .inputUnusable)
        #expect(noFile?.why == "it is a folder, not a plain file")
    }

    /// A pipe that nobody writes to is not waited for.
    @Test func aNamedPipeIsNoList() throws {
        let folder = try TemporaryFolder()
        #expect(mkfifo(folder["list.jsonl"].string, 0o600) == 0)
        let error = #expect(throws: EightCutError.self) {
            try BatchList(folder["list.jsonl"].string)
        }
        #expect(error?.why == "it is a named pipe, not a plain file")
    }

    @Test func aLongLineIsRefusedWithoutKeepingIt() throws {
        let lists = try Lists()
        let fault = try lists.fault(
            Lists.row("a") + "\n{\"id\": \"" + String(repeating: "x", count: 3 << 20) + "\"}\n"
        )
        #expect(fault.why.hasPrefix("line 2: it has more than"), "\(fault.why)")
    }

    @Test func linesThatCrossPiecesAreWhole() throws {
        let padding = String(repeating: "y", count: 700_000)
        let rows = try Lists().rows(
            (0..<5).map { Lists.row("\($0)", #""label": "\#(padding)""#) }
        )
        #expect(rows.map(\.id) == ["0", "1", "2", "3", "4"])
        #expect(rows.allSatisfy { $0.label?.utf8.count == 700_000 })
    }

    @Test(arguments: [
        ("[\(Lists.row("a"))]", "line 1: it is no object", "one JSON object in each line"),
        ("\(Lists.row("a"))\n{\"id\": \"b\",", "line 2: column 12: expected", "JSON object"),
        ("7", "line 1: it is a number, not an object", "Write {"),
        (Lists.row("a", #""framse": 3"#), "there is no field 'framse'", "'frames'"),
        (Lists.row("a", #""frames": "3""#), "'frames' is a text, not a whole number", "quotes"),
        (Lists.row("a", #""frames": 2.5"#), "'frames' is 2.5, not a whole number", "whole"),
        (Lists.row("a", #""frames": 0"#), "'frames' is 0", "1 to 100000000"),
        (Lists.row("a", #""frames": 1e300"#), "'frames' is", "whole"),
        (Lists.row("a", #""label": """#), "'label' is empty", "leave the field out"),
        (Lists.row("a", #""label": "\u0000""#), "'label' has a zero", "Take it out"),
        (Lists.row("a", #""prompts": "\u0000""#), "'prompts' has a zero", "Take it out"),
        (Lists.row("a", #""settings": 3"#), "'settings' is a number, not an object", "threshold"),
        (Lists.row("a", #""settings": {"x": [1]}"#), "'settings' has a list for 'x'", "true"),
        (
            Lists.row("a", #""settings": {"--x": 1}"#), "sets '--x', which is no setting",
            "without the dashes"
        ),
        (Lists.row("a", #""settings": {"output": "x"}"#), "sets 'output'", "long names"),
        (
            Lists.row("a", #""device": "cpu", "settings": {"device": "cuda"}"#),
            "'device' is in the row and in its settings", "once"
        ),
        (Lists.row("a", #""start": 3"#), "'start' goes with 'source' only", "source"),
        (Lists.row("a", #""source": "v""#), "'source' is beside 'input'", "for one to cut"),
        (Lists.row("a", #""id": "b""#), "the name 'id' comes twice", "JSON object"),
        (Lists.row("a/b"), "'id' is no file name: 'a/b'", "200 bytes"),
        (Lists.row(".a"), "'id' is no file name: '.a'", "no dot"),
        (Lists.row(""), "'id' is no file name", "200 bytes"),
        (Lists.row("a\\n"), "'id' is no file name", "200 bytes"),
        (Lists.row(String(repeating: "a", count: 201)), "'id' is no file name", "200 bytes"),
        (#"{"input":"a","output":"b","method":"sam"}"#, "'id' is left out", "200 bytes"),
        (#"{"id":7,"input":"a","output":"b","method":"sam"}"#, "'id' is a number", "quotes"),
        (#"{"id":"a","input":"a","method":"sam"}"#, "'output' is left out", "folder"),
        (#"{"id":"a","input":"","output":"b","method":"sam"}"#, "'input' is empty", "path"),
        (#"{"id":"a","output":"b","method":"sam"}"#, "'input' is left out", "'source'"),
        (#"{"id":"a","input":"a","output":"b"}"#, "'method' is left out", "saliency, depth, sam"),
        (
            #"{"id":"a","input":"a","output":"b","method":"flow"}"#,
            "'method' is no method: 'flow'",
            "saliency, depth, sam"
        ),
        (
            #"{"id":"a","source":"a","output":"b","method":"sam"}"#, "'start' is left out",
            "when the clip begins"
        ),
        (
            #"{"id":"a","source":"a","start":-1,"output":"b","method":"sam"}"#,
            "'start' is no time: -1", "seconds"
        ),
        (
            #"{"id":"a","source":"a","start":true,"output":"b","method":"sam"}"#,
            "'start' is true, neither a number nor a text", "seconds"
        ),
        (
            #"{"id":"a","source":"a","start":1,"clip":"./a","output":"b","method":"sam"}"#,
            "'clip' is also read", "another file"
        ),
        (
            #"{"id":"a","input":"http://x/a.mp4","output":"b","method":"sam"}"#,
            "'input' is an address of a kind that is not read", "s3://bucket/key"
        ),
        (#"{"id":"a","input":"s3://x","output":"b","method":"sam"}"#, "names no object", "s3://"),
        (#"{"id":"a","input":"s3:///k","output":"b","method":"sam"}"#, "names no object", "s3://"),
        ("", "it has no rows", "one JSON object"), ("\n \n\t\r\n", "it has no rows", "one JSON"),
    ])
    func mistakesNameLineAndField(text: String, why: String, remedy: String) throws {
        let fault = try Lists().fault(text)
        #expect(fault.why.contains(why), "\(fault.why)")
        #expect(fault.remedy.contains(remedy), "\(fault.remedy)")
    }

    @Test(arguments: [
        ("a", "b_masks", "a", "c_masks", "line 2: 'id' is that of line 1: 'a'"),
        ("a", "m", "b", "x/../m/", "line 2: 'output' is what line 1 writes too"),
        ("a", "m", "b", "a.mp4", "line 2: 'output' is what line 1 reads"),
        ("a", "b.mp4", "b", "m", "line 2: 'input' is what line 1 writes"),
    ])
    func noTwoRowsShareWhatTheyWrite(
        id: String,
        output: String,
        otherID: String,
        otherOutput: String,
        why: String
    ) throws {
        let row = { (id: String, output: String) in
            #"{"id":"\#(id)","input":"\#(id).mp4","output":"\#(output)","method":"saliency"}"#
                + "\n"
        }
        let fault = try Lists().fault(row(id, output) + row(otherID, otherOutput))
        #expect(fault.why.hasPrefix(why), "\(fault.why)")
    }

    @Test func noTwoCutsHaveOneFile() throws {
        let row = { (id: String, more: String) in
            #"{"id":"\#(id)","source":"v.mkv","start":1,"output":"\#(id)","#
                + #""method":"saliency"\#(more)}"# + "\n"
        }
        // That of the second row is b.mp4 by itself.
        let fault = try Lists().fault(row("a", #","clip":"b.mp4""#) + row("b", ""))
        #expect(fault.why.hasPrefix("line 2: 'clip' is what line 1 writes too"), "\(fault.why)")
        let other = try Lists().fault(row("a", #","clip":"c""#) + row("b", #","clip":"v.mkv""#))
        #expect(other.why.hasPrefix("line 2: 'clip' is also read"), "\(other.why)")
    }
}
