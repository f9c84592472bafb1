import Diagnostics
import Glibc
import Prompts
import TestSupport
import Testing

/// Errors in a prompts file have the line and the field.
@Suite struct FileErrorTests {
    private func read(_ text: String) throws -> PromptList {
        let folder = try TemporaryFolder()
        return try PromptList(file: folder.write(text, to: "prompts.json"))
    }

    /// Each has the error in line 3, or in the given one.
    @Test(arguments: [
        (#"{"pont": [1, 2]}"#, ", prompt 2 (line 3)", "there is no field 'pont'"),
        (#"{"Frames": 1, "point": [1, 2]}"#, ", prompt 2 (line 3)", "no field 'Frames'"),
        (#"{"frame": "1", "point": [1, 2]}"#, "(line 3)", "'frame' is a text, not a whole number"),
        (#"{"frame": 1.5, "point": [1, 2]}"#, "(line 3)", "'frame' is 1.5, not a whole number"),
        (#"{"frame": null, "point": [1, 2]}"#, "(line 3)", "'frame' is null"),
        ("{\"point\": [1, 2],\n\"frame\": -1}", "(line 4)", "its frame is -1"),
        (#"{"frame": 1e300, "point": [1, 2]}"#, "(line 3)", "'frame' is 1e+300"),
        ("{\"point\": [1, 2],\n\n\"object\": 0}", "(line 5)", "its object is 0"),
        (#"{"object": 256, "point": [1, 2]}"#, "(line 3)", "its object is 256"),
        (#"{"object": true, "point": [1, 2]}"#, "(line 3)", "'object' is true"),
        (#"{"frame": 1}"#, "(line 3)", "it has no 'point', 'box', 'mask' or 'text'"),
        (#"{"text": "dog", "frame": 1}"#, "(line 3)", "'frame' does not go with a text"),
        (#"{"text": "dog", "point": [1, 2]}"#, "(line 3)", "'point' does not go with a text"),
        (#"{"text": 5}"#, "(line 3)", "'text' is a number, not a text"),
        (#"{"text": "dog", "object": 0}"#, "(line 3)", "its object is 0"),
        (#"{"point": [1, 2], "mask": "a"}"#, "(line 3)", "it has both 'point' and 'mask'"),
        (#"{"point": 5}"#, "(line 3)", "'point' is a number, not a list of 2 numbers"),
        (#"{"point": [1]}"#, "(line 3)", "'point' has 1 numbers instead of 2"),
        (#"{"box": [1, 2, 3]}"#, "(line 3)", "'box' has 3 numbers instead of 4"),
        ("{\"box\": [1, 2,\n {}, 4]}", "(line 4)", "'box' has an object where x1 belongs"),
        (#"{"point": [1, "2"]}"#, "(line 3)", "'point' has a number of pixels, '2', in quotes"),
        (#"{"point": [1, "x"]}"#, "(line 3)", "'point': y is 'x', which is no number"),
        (#"{"point": ["1h", 2]}"#, "(line 3)", "'point': x is '1h', a part of the height"),
        (#"{"point": ["infw", 2]}"#, "(line 3)", "'point': x is 'infw', which is not finite"),
        (#"{"point": [1, 2], "label": 2}"#, "(line 3)", "'label' is neither 1"),
        (#"{"point": [1, 2], "label": true}"#, "(line 3)", "'label' is true"),
        (#"{"box": [1, 2, 3, 4], "label": 1}"#, "(line 3)", "'label' goes with a point only"),
        (#"{"mask": 5}"#, "(line 3)", "'mask' is a number, not a text"),
        (#"{"mask": ""}"#, "(line 3)", "'mask' is no name of a file"),
        (#"{"mask": "a\u0000b"}"#, "(line 3)", "'mask' is no name of a file"),
        (#"[1, 2]"#, ", prompt 2 (line 3)", "it is a list, not an object"),
    ])
    func errorsInPromptsHaveLineAndField(prompt: String, place: String, why: String) throws {
        let text = "{\"v\": 1, \"prompts\": [\n  {\"point\": [1, 2]},\n  \(prompt)]}"
        let error = #expect(throws: EightCutError.self) { try read(text) }
        #expect(error?.code == .inputUnusable)
        #expect(error?.subject?.contains("prompts.json, prompt 2 ") == true)
        #expect(error?.remedy?.isEmpty == false)
        #expect(error?.subject?.hasSuffix(place) == true, "\(error?.subject ?? "")")
        #expect(error?.why.contains(why) == true, "\(error?.why ?? "")")
    }

    @Test(arguments: [
        ("[]", ", line 1", "it is a list, not an object"),
        ("{\"prompts\": []}", ", line 1", "it has no version"),
        (
            "{\n\"v\": 2, \"marks\": []}", ", line 2",
            "of version 2, and 8cut \(programVersion) knows"
        ),
        ("{\"v\": \"1\"}", ", line 1", "'v' is a text"),
        ("\n{\"v\": 1}", ", line 2", "it has no field 'prompts'"),
        ("{\"v\": 1,\n\"prompt\": []}", ", line 2", "there is no field 'prompt'"),
        ("{\"v\": 1, \"prompts\": {}}", ", line 1", "the prompts are an object, not a list"),
        ("{\"v\": 1,\n \"prompts\":\n []}", ", line 3", "there are no prompts"),
        ("{\"v\": 1,\n \"prompts\": [,]}", "", "line 2, column 14: expected a value, found ','"),
        ("", "", "line 1, column 1: expected a value, found the end"),
        ("{\"v\": 1, \"v\": 1}", "", "line 1, column 10: the name 'v' comes twice"),
    ])
    func errorsInTheFileHaveTheirLine(text: String, place: String, why: String) throws {
        let error = #expect(throws: EightCutError.self) { try read(text) }
        #expect(error?.code == .inputUnusable)
        #expect(
            error?.subject?.hasSuffix("prompts.json" + place) == true,
            "\(error?.subject ?? "")"
        )
        #expect(error?.why.contains(why) == true, "\(error?.why ?? "")")
        #expect(error?.remedy?.isEmpty == false)
    }

    @Test func whatIsMeantIsProposed() throws {
        for (name, meant) in [("pont", "point"), ("Frames", "frame"), ("lable", "label")] {
            let text = "{\"v\": 1, \"prompts\": [{\"\(name)\": 1, \"point\": [1, 2]}]}"
            #expect(try failure { try read(text) }?.remedy == "Is '\(meant)' meant?")
        }
        let error = try failure { try read("{\"v\": 1, \"prompts\": [{\"colour\": 1}]}") }
        #expect(error?.remedy?.contains("The fields are 'frame', 'object', 'point'") == true)
    }

    @Test(.timeLimit(.minutes(1))) func aPipeIsNotWaitedFor() throws {
        let folder = try TemporaryFolder()
        mkfifo(folder["prompts.json"].string, 0o600)
        let error = #expect(throws: EightCutError.self) {
            try PromptList(file: folder["prompts.json"])
        }
        #expect(error?.code == .inputUnusable)
        #expect(error?.why.contains("named pipe") == true, "\(error?.why ?? "")")
    }
}
