import MaskPipeline
import Methods
import SystemPackage

/// What is particular to a kind of model when its engines are compared.
protocol EngineComparison: Sendable {
    /// The script that is the reference.
    var script: ReferenceScript { get }
    /// How far the engines must agree.
    var limits: ParityReport.Limits { get }
    /// The script's options that not every script has; files that they name are put into a folder.
    func words(in folder: FilePath) throws -> [String]
    /// The native method. What it shall give besides masks is put into a folder.
    func method(_ model: CheckpointModel, in folder: FilePath) throws -> any MaskMethod
    /// Holds what the engines have made against each other.
    func compare(_ native: NativeResult, _ reference: ReferenceResult) throws -> [FrameComparison]
}

extension EngineComparison {
    /// How far the masks of a frame, or those of one object on it, are the same.
    func overlap(_ name: String, _ native: NativeResult, _ reference: ReferenceResult) throws
        -> Double
    {
        try MaskPair(name, native.folder, reference.folder).overlap
    }
}
