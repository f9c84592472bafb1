import ArgumentParser

/// `8cut masks`: the methods.
struct MasksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "masks",
        abstract: "Make one mask per frame.",
        discussion: """
            The masks are 8-bit grey PNG files of the video's size, 255 where the object is and
            0 elsewhere: frame_0000.png, frame_0001.png, … A manifest, masks.json, lies beside
            them.

            A run that was interrupted goes on where it stopped when the same command is given
            again. One that is complete ends at once.

            --last and --clip take a clip that 8cut export has cut, and note the masks in the
            library.
            """,
        subcommands: [MasksDepthCommand.self, MasksSamCommand.self, MasksSaliencyCommand.self]
    )
}
