import ArgumentParser
import Methods

extension MasksSamCommand {
    /// What was given that the reference script does not have.
    var optionsOfNative: [String] {
        let given =
            drawing + [
                ("--precision", model.precision != .float32),
                ("--memories", model.memories != nil), ("--pool-memories", model.poolMemories != 1),
                ("--device", inference.device != .auto), ("--threads", inference.threads != nil),
                ("--interactive", interactive),
            ]
        return given.filter(\.1).map(\.0)
    }

    /// What was given that a worker is told by its requests.
    var optionsOfRun: [String] {
        let given =
            drawing + [
                ("--point", !prompts.point.isEmpty), ("--box", !prompts.box.isEmpty),
                ("--mask", !prompts.mask.isEmpty), ("--prompts", prompts.prompts != nil),
                ("--output", files.output != nil), ("--invert", files.invert),
                ("--overwrite", files.overwrite), ("--preview", files.preview != nil),
            ]
        return given.filter(\.1).map(\.0)
    }

    private var drawing: [(String, Bool)] {
        [
            ("--objects", objects != .union),
            ("--fill-holes", fillHoles != SamSettings.defaultFillHoles),
            ("--drop-specks", dropSpecks != 0),
        ]
    }
}
