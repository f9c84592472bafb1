import ArgumentParser
import Commands
import Diagnostics
import Files
import Prompts
import SystemPackage
import TestSupport
import Testing

/// The options as the argument parser hands them on.
@Suite struct OptionTests {
    /// A command as the program has them.
    private struct Command: ParsableCommand {
        @Option(name: .shortAndLong) var input: String
        @OptionGroup var prompts: PromptOptions
        @Flag var invert = false
    }

    private func read(_ arguments: [String]) throws -> [Prompt] {
        let command = try Command.parse(["--input", "a.mp4"] + arguments + ["--invert"])
        #expect(command.invert)
        return try command.prompts.read().entries.map(\.prompt)
    }

    private static func point(_ x: Length, _ y: Length, _ isPositive: Bool = true) -> Prompt.Content
    {
        .point(Coordinate(x: x, y: y), isPositive: isPositive)
    }

    /// Masks that were made of the middle without a prompt have the same fingerprint.
    @Test func centerIsThePixelInTheMiddle() throws {
        let list = try PromptOptions.parse(["--point", "center"]).read()
        let resolved = try list.resolve(width: 641, height: 361)
        #expect(resolved == .centre(width: 641, height: 361))
        let text = #"{"prompts":[{"frame":0,"label":1,"object":1,"point":[320,180]}],"v":1}"#
        #expect(resolved.fingerprint == text)
        #expect(list.placed(width: 641, height: 361).json == text)
    }

    @Test func noOptionIsNoPrompt() throws {
        #expect(try read([]) == [])
        #expect(
            try PromptOptions.parse([]).read().resolve(width: 641, height: 360)
                == .centre(width: 641, height: 360)
        )
    }

    @Test(arguments: [
        ("10,20", Prompt(point(.pixels(10), .pixels(20)))),
        ("10,20,-", Prompt(point(.pixels(10), .pixels(20), false))),
        ("10,20,+@3", Prompt(frame: 3, point(.pixels(10), .pixels(20)))),
        ("center", Prompt(point(.middle, .middle))),
        ("center@3#2", Prompt(frame: 3, object: 2, point(.middle, .middle))),
        ("0.5w,0.25h#2", Prompt(object: 2, point(.fraction(0.5), .fraction(0.25)))),
        (
            "1.5,.5h,-@3#2",
            Prompt(frame: 3, object: 2, point(.pixels(1.5), .fraction(0.5), false))
        ),
        ("10, 20#255@0", Prompt(object: 255, point(.pixels(10), .pixels(20)))),
        ("-5,3", Prompt(point(.pixels(-5), .pixels(3)))),
        ("5,-3e1,-", Prompt(point(.pixels(5), .pixels(-30), false))),
    ])
    func points(text: String, prompt: Prompt) throws {
        #expect(try read(["--point", text]) == [prompt])
        #expect(try read(["--point=" + text]) == [prompt])
    }

    @Test func boxesAndSeveralOfAll() throws {
        let prompts = try read([
            "--box", "-1,2,0.5w,1h@7", "--point", "1,2", "--mask", "a.png#3", "--point=3,4",
        ])
        let corners = (
            Coordinate(x: .pixels(-1), y: .pixels(2)),
            Coordinate(x: .fraction(0.5), y: .fraction(1))
        )
        #expect(prompts.count == 4)
        #expect(prompts.contains(Prompt(frame: 7, .box(corners.0, corners.1))))
        #expect(prompts.contains(Prompt(Self.point(.pixels(3), .pixels(4)))))
        #expect(prompts.contains(Prompt(object: 3, .mask("a.png"))))
    }

    @Test(arguments: [
        ("a.png", "a.png", 0, 1), ("a.png@30", "a.png", 30, 1), ("a.png#2@30", "a.png", 30, 2),
        ("me@home.png", "me@home.png", 0, 1), ("me@home#1.png#4", "me@home#1.png", 0, 4),
        ("take@2@0#1", "take@2", 0, 1), ("take@2#5", "take", 2, 5), ("take@2@9", "take@2", 9, 1),
        ("-x.png@1", "-x.png", 1, 1), ("a@", "a@", 0, 1), ("a@-1", "a@-1", 0, 1),
        ("ü/n@1/b.png", "ü/n@1/b.png", 0, 1),
    ])
    func namesOfMasks(text: String, name: String, frame: Int, object: Int) throws {
        let prompt = Prompt(frame: frame, object: object, .mask(FilePath(name)))
        #expect(try read(["--mask", text]) == [prompt])
    }

    @Test(arguments: [["--point", "-5,3"], ["--point=-5,3"], ["--box", "-5,3,10,10"]])
    func negativeNumbersReachOurOwnCheck(arguments: [String]) throws {
        let command = try Command.parse(["-i", "a.mp4"] + arguments)
        let list = try command.prompts.read()
        let error = #expect(throws: EightCutError.self) {
            try list.resolve(width: 640, height: 360)
        }
        #expect(error?.code == .usage)
        #expect(error?.subject?.contains("-5,3") == true)
        #expect(error?.why.contains("outside the frame") == true)
        #expect(error?.why.contains("is -5, and the frame is 640 pixels wide") == true)
    }

    @Test(arguments: [
        ("--point", "", "not X,Y"), ("--point", "10", "not X,Y"), ("--point", "1,2,3", "not X,Y"),
        ("--point", "10,20,-,", "not X,Y"), ("--point", "--box", "not X,Y"),
        ("--point", "a,20", "x is 'a', which is no number"),
        ("--point", "10,", "y is '', which is no number"),
        ("--point", "0x10,2", "x is '0x10', which is no number"),
        ("--point", "0.5h,2", "x is '0.5h', a part of the height, where a part of the width"),
        ("--point", "1,2w", "y is '2w', a part of the width"),
        ("--point", "50%,2", "x is '50%', which is no number"),
        ("--point", "nan,2", "x is 'nan', which is not finite"),
        ("--point", "1,-inf", "y is '-inf', which is not finite"),
        ("--point", "1e999,2", "x is '1e999', which is not finite"),
        ("--point", "1,2@", "its frame is ''"), ("--point", "1,2@-1", "its frame is '-1'"),
        ("--point", "1,2@1.5", "its frame is '1.5'"), ("--point", "1,2#a", "its object is 'a'"),
        ("--point", "1,2@1@2", "it names two frames"), ("--point", "1,2#1@2#1", "two objects"),
        ("--point", "1,2@9999999999", "its frame is 9999999999, and frames are numbered from 0"),
        ("--point", "1,2@99999999999999999999999", "frames are numbered from 0"),
        ("--point", "1,2#0", "its object is 0, and objects are numbered from 1 to 255"),
        ("--box", "1,2,3,4#256", "its object is 256"),
        ("--box", "1,2,3", "not X0,Y0,X1,Y1"), ("--box", "1,2,3,4,-", "not X0,Y0,X1,Y1"),
        ("--box", "1,2,3h,4", "x1 is '3h', a part of the height"),
        ("--mask", "", "names no file"), ("--mask", "@3", "names no file"),
        ("--mask", "a.png#300", "its object is 300"),
    ])
    func errorsSayWhatIsWrong(option: String, text: String, why: String) throws {
        let error = #expect(throws: EightCutError.self) { try read([option, text]) }
        #expect(error?.code == .usage && error?.what == "cannot use the prompt")
        #expect(error?.subject == "\(option) \(text)")
        #expect(error?.why.contains(why) == true, "\(error?.why ?? "")")
        #expect(error?.remedy?.isEmpty == false)
    }

    @Test func aFileAndOptionsCountTogether() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            #"{"v": 1, "prompts": [{"frame": 4, "box": [1, 2, 3, 4]}]}"#,
            to: "prompts.json"
        )
        let prompts = try read(["--prompts", file.string, "--point", "1,2"])
        #expect(prompts.map(\.frame) == [0, 4])
        #expect(throws: (any Error).self) { try Command.parse(["-i", "a", "--prompts", ""]) }
    }
}
