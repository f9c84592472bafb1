import ArgumentParser
import SAM2
import Tracking

/// Less work for each frame, for masks that are less exact; and which frames are remembered.
struct SamTrackingOptions: ParsableArguments {
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

    @Option(
        help: ArgumentHelp(
            "Which frames to remember: the latest ones (standard); or every fifth one, and those "
                + "that tell the object from similar things beside it (dam).",
            valueName: "rules"
        )
    )
    var memoryRules: MemoryRules = .standard

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
            memory: Sam2MemoryUse(count: memories, pooling: poolMemories),
            rules: memoryRules
        )
    }

    /// The options that were given.
    var given: [String] {
        [
            ("--resolution", resolution != nil), ("--memories", memories != nil),
            ("--pool-memories", poolMemories != 1), ("--memory-rules", memoryRules != .standard),
        ].filter(\.1).map(\.0)
    }
}

extension MemoryRules: ExpressibleByArgument {}
