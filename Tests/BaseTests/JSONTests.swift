import Files
import FoundationEssentials
import TestSupport
import Testing

/// JSON with lines and byte ranges.
@Suite struct JSONTests {
    private func read(_ text: String) throws -> LocatedJSON {
        try LocatedJSON(parsing: Array(text.utf8))
    }

    @Test func valuesKnowTheirLines() throws {
        let json = try read("\n{\"a\": [1,\n  \"x\", null],\r\n \"b\":\n{\"c\": true}}\n")
        #expect(json.line == 2)
        #expect(json["a"]?.line == 2 && json["b"]?.line == 5)
        guard case .array(let items) = json["a"]?.content else { throw Failure() }
        #expect(items.map(\.line) == [2, 3, 3])
        #expect(items.map(\.kind) == ["a number", "a text", "null"])
        guard case .object(let members) = json.content else { throw Failure() }
        #expect(members.map(\.name) == ["a", "b"] && members.map(\.line) == [2, 4])
        #expect(json["b"]?["c"]?.content == .bool(true) && json["z"] == nil)
    }

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("-12.5e-1", -1.25), ("1E+2", 100), ("9007199254740993", 0x1p53),
    ])
    func numbers(text: String, value: Double) throws {
        #expect(try read(text).content == .number(value))
    }

    @Test func texts() throws {
        let json = try read(#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é""#)
        #expect(json.content == .string("a\"\\/\u{8}\u{c}\n\r\té😀é"))
    }

    @Test(arguments: [
        ("", 1, 1, "expected a value, found the end"),
        ("[1,]", 1, 4, "expected a value, found ']'"),
        ("[1\n 2]", 2, 2, "expected ',' or ']', found '2'"),
        ("{\"a\" 1}", 1, 6, "expected ':', found '1'"),
        ("{\"a\": 1,}", 1, 9, "expected a name in double quotes, found '}'"),
        ("{a: 1}", 1, 2, "expected a name in double quotes, found 'a'"),
        ("{\"a\": 1\n\"b\": 2}", 2, 1, "expected ',' or '}', found '\"'"),
        ("{\"é\": 1, \"é\": 2}", 1, 10, "the name 'é' comes twice"),
        ("[1] x", 1, 5, "expected the end, found 'x'"),
        ("[NaN]", 1, 2, "expected a value, found 'N'"),
        ("[+1]", 1, 2, "expected a value, found '+'"),
        ("[01]", 1, 2, "a number does not begin with 0 and another digit"),
        ("[1.]", 1, 4, "expected a digit"),
        ("[-]", 1, 3, "expected a digit"),
        ("[1e400]", 1, 2, "the number 1e400 is too large"),
        ("[\"é\",\n \"a]\n", 2, 2, "the text does not end in this line"),
        ("[\"a", 1, 2, "the text does not end"),
        ("[\"\t\"]", 1, 3, "a text holds no control characters; write them as \\u0000"),
        ("[\"\\x\"]", 1, 3, "there is no such escape; a backslash is written twice"),
        ("[\"\\ud800\"]", 1, 3, "the escape is half of a pair"),
        ("[\"\\ud800\\u0041\"]", 1, 3, "the escape is half of a pair"),
        ("[\"\\u00\"]", 1, 7, "expected four hexadecimal digits"),
        ("[// x\n1]", 1, 2, "expected a value, found '/'"),
        ("[\u{1}]", 1, 2, "expected a value, found '\\u{1}'"),
        (
            "\u{feff}[]", 1, 1,
            "the text begins with a byte order mark; save it as UTF-8 without one"
        ),
    ])
    func parseErrorsHaveLineAndColumn(text: String, line: Int, column: Int, why: String) throws {
        let error = #expect(throws: JSONParseError.self) { try read(text) }
        #expect(error?.why == why)
        #expect(error.map { [$0.line, $0.column] } == [line, column])
    }

    @Test func bytesThatAreNotUTF8AreAnError() {
        let error = #expect(throws: JSONParseError.self) {
            try LocatedJSON(parsing: [0x5b, 0x22, 0xff, 0x22, 0x5d])
        }
        #expect(error?.why == "the text is not valid UTF-8" && error?.column == 2)
    }

    @Test func valuesAndNamesKnowTheirBytes() throws {
        let bytes = Array(" { \"a\" : [1.10, \"é\"] ,\n\"\\u0062\":{}}".utf8)
        let json = try LocatedJSON(parsing: bytes)
        let text = { (range: Range<Int>) in String(decoding: bytes[range], as: UTF8.self) }
        #expect(json.range == 1..<bytes.count)
        let members = try #require(json.members)
        #expect(members.map { text($0.nameRange) } == ["\"a\"", "\"\\u0062\""])
        #expect(members.map { text($0.value.range) } == ["[1.10, \"é\"]", "{}"])
        #expect(json["a"]?.items?.map { text($0.range) } == ["1.10", "\"é\""])
    }

    @Test(arguments: [
        (#"{"a": 1, "a": 2}"#, "comes twice"), ("[1e400]", "too large"),
        (#"["\ud800"]"#, "half of a pair"),
    ])
    func whatOthersWroteIsReadLeniently(text: String, why: String) throws {
        let error = #expect(throws: JSONParseError.self) { try read(text) }
        #expect(error?.why.contains(why) == true)
        let json = try LocatedJSON(parsing: Array(text.utf8), .lenient)
        #expect(json.range == 0..<text.utf8.count)
        #expect(json.members?.map(\.value.number) == [1, 2] || json.items?[0].content == .null)
    }

    @Test func scalarsCrossJSON() throws {
        let scalars: [JSONScalar] = [.flag(true), .number(7), .number(0.5), .text("a/b")]
        let text = try JSONText.line(scalars)
        #expect(text == #"[true,7,0.5,"a/b"]"#)
        #expect(try JSONDecoder().decode([JSONScalar].self, from: Data(text.utf8)) == scalars)
        #expect(scalars.map(\.description) == ["true", "7", "0.5", "a/b"])
    }

    @Test func noDepthEndsTheProgram() throws {
        let deep = String(repeating: "[", count: 1 << 20)
        let error = #expect(throws: JSONParseError.self) { try read(deep) }
        #expect(error?.why == "the lists are too deep")
        let allowed = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(try read(allowed).kind == "a list")
    }

    /// Whatever is read is JSON to Foundation as well, and of the same content.
    @Test func damagedTextIsReadAsFoundationReadsItOrRefused() throws {
        let text = """
            {"v": 1, "prompts": [
              {"frame": 0, "object": 1, "point": [640.5, "0.5h"], "label": 0},
              {"frame": 12, "box": [10, 20, 2e2, -180], "x": null, "y": "\\u00e9\\n", "z": true}]}
            """
        var mutator = Mutator(seed: 5)
        var understood = 0
        for _ in 0..<5000 {
            let bytes = mutator.damage(text)
            guard let json = try? LocatedJSON(parsing: bytes) else { continue }
            understood += 1
            let other = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
            #expect(json.plain == other.plain, "\(String(decoding: bytes, as: UTF8.self))")
        }
        #expect(understood > 100)
    }

    private struct Failure: Error {}
}

extension LocatedJSON {
    /// Without lines, numbers as `Double`.
    fileprivate var plain: JSONValue {
        switch content {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .number(let number): .number(number)
        case .string(let text): .string(text)
        case .array(let items): .array(items.map(\.plain))
        case .object(let members):
            .object(Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value.plain) }))
        }
    }
}

extension JSONValue {
    /// Numbers as `Double`.
    fileprivate var plain: JSONValue {
        switch self {
        case .integer(let number): .number(Double(number))
        case .array(let items): .array(items.map(\.plain))
        case .object(let members): .object(members.mapValues(\.plain))
        default: self
        }
    }
}
