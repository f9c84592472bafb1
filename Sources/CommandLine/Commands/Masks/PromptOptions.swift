import ArgumentParser
import Prompts
import SystemPackage

/// Prompts, which select objects: points, boxes, masks, and a file of them.
package struct PromptOptions: ParsableArguments {
    // A value may begin with a minus ("-5,3"): our own check reports what is wrong with it.
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A point on the object: X,Y in pixels, or as fractions of the frame (0.5w,0.5h), or "
                + "center for the middle pixel. Append ,- for a point on the background, @ and a frame number (from 0), # and "
                + "an object number (from 1). Repeatable.",
            valueName: "x,y"
        )
    )
    package var point: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A box around the object: left, top, right, bottom. @ and # as for --point.",
            valueName: "x0,y0,x1,y1"
        )
    )
    package var box: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A mask of the object: an 8-bit grey PNG file of the size of the video, 128 or more "
                + "on the object. @ and # as for --point.",
            valueName: "file"
        ),
        completion: .file(extensions: ["png"])
    )
    package var mask: [String] = []

    @Option(
        help: ArgumentHelp(
            "A JSON file of prompts, in addition to those above.",
            valueName: "file"
        ),
        completion: .file(extensions: ["json"])
    )
    package var prompts: String?

    package init() {}

    package func validate() throws {
        try prompts?.checkedNotEmpty(named: "--prompts")
    }

    /// The options that were given.
    var given: [String] {
        [
            ("--point", !point.isEmpty), ("--box", !box.isEmpty), ("--mask", !mask.isEmpty),
            ("--prompts", prompts != nil),
        ].filter(\.1).map(\.0)
    }

    /// Reads the options, with the files that they name, and those that these name in turn.
    ///
    /// - Throws: what `read` throws.
    func readGiven() throws -> GivenPrompts {
        let list = try read()
        return GivenPrompts(
            list: list,
            files: list.files + (prompts.map { [FilePath($0)] } ?? [])
        )
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

/// Prompts, and the files that have been read or are to be read for them.
struct GivenPrompts: Sendable {
    var list = PromptList()
    var files: [FilePath] = []
}
