import Clips

/// A clip that was cut and is in its place.
public struct ExportedClip: Sendable {
    /// What was asked for.
    public let request: ExportRequest
    /// Its files.
    public let files: ClipFiles
    /// How it was cut.
    public let result: CutResult
    /// Its number in the library; nil when it is not kept there.
    public let id: Int64?
}
