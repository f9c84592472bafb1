import ArgumentParser
import SAM2

/// Less work for each frame, for masks that are less exact.
struct SamSpeedOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Side of the square that frames are resized to; smaller is faster, and less exact. "
                + "(default: that of the checkpoint, 1024)",
            valueName: "1024|768|512"
        )
    )
    var resolution: Int?

    @Option(
        help: ArgumentHelp(
            "Attend to at most this many memories; fewer are faster, and less exact. "
                + "(default: 7)",
            valueName: "1...7"
        )
    )
    var memories: Int?

    @Option(
        help: ArgumentHelp(
            "Pool the tokens of all but the nearest memory, 2 by 2 or 4 by 4: faster, and a "
                + "little less exact.",
            valueName: "1|2|4"
        )
    )
    var poolMemories = 1

    func validate() throws {
        if let resolution, ![1024, 768, 512].contains(resolution) {
            throw ValidationError("--resolution must be 1024, 768 or 512, not \(resolution).")
        }
        try memories?.checked(in: 1...7, named: "--memories")
        guard [1, 2, 4].contains(poolMemories) else {
            throw ValidationError("--pool-memories must be 1, 2 or 4, not \(poolMemories).")
        }
    }

    /// What was chosen, with a resolution only where it is not the checkpoint's own.
    func options(of model: Sam2Configuration) -> Sam2Options {
        Sam2Options(
            resolution: resolution == model.imageSize ? nil : resolution,
            memory: Sam2MemoryUse(count: memories, pooling: poolMemories)
        )
    }

    /// The options that were given.
    var given: [String] {
        [
            ("--resolution", resolution != nil), ("--memories", memories != nil),
            ("--pool-memories", poolMemories != 1),
        ].filter(\.1).map(\.0)
    }
}
