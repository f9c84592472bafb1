import Checkpoints
import Diagnostics

/// The checkpoints that a command accepts, and the one that it uses by default.
protocol ModelFamily: Sendable {
    /// What its checkpoints are for.
    static var kinds: Set<CheckpointKind> { get }
    /// The default, for `--help`.
    static var defaultText: String { get }

    /// The name of the default.
    ///
    /// - Throws: `EightCutError` when the catalogue lacks it, or licences cannot be read.
    static func defaultName(onCPU: Bool, _ log: Log) throws -> String
}

/// Depth Anything V2.
enum DepthModels: ModelFamily {
    static let kinds: Set = [CheckpointKind.depth]
    static let defaultText = "depth-anything-v2-large on a GPU, -small on a CPU"

    static func defaultName(onCPU: Bool, _ log: Log) throws -> String {
        let small = try CheckpointCatalogue.named("depth-anything-v2-small")
        if onCPU {
            log.note("using \(small.name), the default on a CPU: larger ones are slow there")
            return small.name
        }
        let (checkpoint, note) = DefaultCheckpoint.choose(
            try CheckpointCatalogue.named("depth-anything-v2-large"),
            else: small,
            licences: AcceptedLicences(.current)
        )
        log.note(note ?? "using \(checkpoint.name), the default on a GPU: the most exact one")
        return checkpoint.name
    }
}

/// SAM 2 and EdgeTAM.
enum SamModels: ModelFamily {
    static let kinds: Set = [CheckpointKind.segmentation]
    static let defaultText = "sam2.1-hiera-large on a GPU, -tiny on a CPU"

    static func defaultName(onCPU: Bool, _ log: Log) throws -> String {
        let size = onCPU ? "tiny" : "large"
        let checkpoint = try CheckpointCatalogue.named("sam2.1-hiera-" + size)
        log.note(
            onCPU
                ? "using \(checkpoint.name), the default on a CPU: larger ones are slow there, and "
                    + "edgetam is faster but less exact"
                : "using \(checkpoint.name), the default on a GPU: the most exact one"
        )
        return checkpoint.name
    }
}

/// OWLv2.
enum DetectorModels: ModelFamily {
    static let kinds: Set = [CheckpointKind.detector]
    static let defaultText = "owlv2-large on a GPU, owlv2-base on a CPU"

    static func defaultName(onCPU: Bool, _ log: Log) throws -> String {
        let checkpoint = try CheckpointCatalogue.named(onCPU ? "owlv2-base" : "owlv2-large")
        log.note(
            onCPU
                ? "using \(checkpoint.name), the default on a CPU: a larger one is slow there"
                : "using \(checkpoint.name), the default on a GPU: the most exact one"
        )
        return checkpoint.name
    }
}

/// All that can be compared with the reference implementation.
enum AnyModel: ModelFamily {
    static let kinds: Set = [CheckpointKind.depth, .segmentation]
    static let defaultText = "that of masks sam if there are prompts, or else of masks depth"

    static func defaultName(onCPU: Bool, _ log: Log) throws -> String {
        try DepthModels.defaultName(onCPU: onCPU, log)
    }
}

extension ModelFamily {
    /// For shell completion.
    static var names: [String] { CheckpointCatalogue.names(of: kinds) }
}
