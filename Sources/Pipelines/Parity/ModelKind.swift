import Diagnostics
import Methods
import SystemPackage
import Weights

/// The kinds of models that have a reference script.
enum ModelKind {
    /// Depth Anything V2.
    case depth
    /// SAM 2.
    case sam

    /// Looks into a checkpoint's configuration.
    ///
    /// - Parameter folder: the checkpoint's folder.
    /// - Throws: `EightCutError` when it cannot be read, or is of another kind.
    init(of folder: FilePath) throws {
        let fields = try ConfigurationFields(folder.appending("config.json"))
        switch fields.value("model_type") {
        case .string("depth_anything"): self = .depth
        case .string("sam2_video"): self = .sam
        case let other?:
            let name = if case .string(let name) = other { quoted(name) } else { "no text" }
            throw fields.problem(
                "model_type",
                "is \(name), not one of 'depth_anything' and 'sam2_video'"
            )
        case nil: throw fields.problem("model_type", "is missing")
        }
    }

    var script: ReferenceScript { self == .depth ? .depth : .sam }
}
