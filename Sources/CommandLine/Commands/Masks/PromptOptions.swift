import ArgumentParser
import Prompts
import SystemPackage

/// What shows which objects are meant: points, boxes, masks, and a file of them.
package struct PromptOptions: ParsableArguments {
    // A value may begin with a minus ("-5,3"), and what is wrong with it is told by our own check.
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A place on the object, X,Y in pixels or as parts (0.5w,0.5h); with ,- behind it a "
                + "place that is not the object. Then, in any order: @ and a frame, counted from "
                + "0; # and an object, counted from 1. Can be given several times.",
            valueName: "x,y"
        )
    )
    package var point: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A rectangle around the object: left, top, right, bottom. @ and # as with --point.",
            valueName: "x0,y0,x1,y1"
        )
    )
    package var box: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "The object's mask on a frame: an 8-bit grey PNG file of the video's size, 128 or "
                + "more where the object is. @ and # as with --point.",
            valueName: "file"
        ),
        completion: .file(extensions: ["png"])
    )
    package var mask: [String] = []

    @Option(
        help: ArgumentHelp("Prompts in a JSON file, besides those above.", valueName: "file"),
        completion: .file(extensions: ["json"])
    )
    package var prompts: String?

    /// Made by the parser.
    package init() {}

    package func validate() throws {
        guard prompts?.isEmpty != true else { throw ValidationError("--prompts is empty.") }
    }

    /// Reads the options and the file, if one is given.
    ///
    /// - Returns: all prompts together; none when no option was given.
    /// - Throws: `EightCutError` that names the option, or the line of the file.
    package func read() throws -> PromptList {
        var list = PromptList()
        for text in point { try list.append(point: text) }
        for text in box { try list.append(box: text) }
        for text in mask { try list.append(mask: text) }
        if let prompts { try list.append(PromptList(file: FilePath(prompts))) }
        return list
    }
}
