import MaskStore
import Prompts
import SAM2

/// What decides what SAM 2's masks look like, besides the model.
package struct SamSettings: Sendable, Equatable {
    /// What is written for each frame besides the mask of all objects.
    package enum Objects: String, Sendable, Codable, CaseIterable {
        /// Nothing.
        case union
        /// A mask for each object, in folders `object_1`, `object_2`, …
        case separate
        /// A picture of the objects' numbers, in the folder `labels`.
        case labels
    }

    /// Which objects are meant.
    package var prompts: ResolvedPrompts
    /// What is written.
    package var objects: Objects
    /// Holes of at most so many pixels of the model's masks are filled.
    package var fillHoles: Int
    /// Specks of at most so many pixels of the model's masks are dropped.
    package var dropSpecks: Int

    /// What is attended to of what is remembered.
    package var memory: Sam2MemoryUse

    /// The official predictor's.
    package static let defaultFillHoles = 8
    /// What `fillHoles` and `dropSpecks` can be.
    package static let pixelCounts = 0...1_000_000

    /// Puts the settings together.
    package init(
        prompts: ResolvedPrompts,
        objects: Objects = .union,
        fillHoles: Int = defaultFillHoles,
        dropSpecks: Int = 0,
        memory: Sam2MemoryUse = .all
    ) {
        self.prompts = prompts
        self.objects = objects
        self.fillHoles = fillHoles
        self.dropSpecks = dropSpecks
        self.memory = memory
    }

    /// As they stand in the manifest.
    var described: [String: SettingValue] {
        [
            "memories": memory.count.map { .number(Double($0)) } ?? .text("checkpoint"),
            "poolMemories": .number(Double(memory.pooling)),
            "prompts": .text(prompts.fingerprint), "objects": .text(objects.rawValue),
            "fillHoles": .number(Double(fillHoles)), "dropSpecks": .number(Double(dropSpecks)),
        ]
    }

    /// The folders beside the masks.
    var sideFolders: [String] {
        switch objects {
        case .union: []
        case .separate: prompts.objects.map { SamDrawing.folder(of: $0.number) }
        case .labels: [AuxiliaryImage.labelsFolder]
        }
    }
}
