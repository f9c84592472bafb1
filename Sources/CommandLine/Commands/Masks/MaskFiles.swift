import ClipLibrary
import MaskPipeline
import SystemPackage

/// What a run of masks works on.
struct MaskFiles: Sendable {
    /// The video, or a folder of pictures.
    let input: FilePath
    /// The folder for the masks.
    let output: FilePath
    /// The clip's number, when it was found in the library.
    let clip: Int64?

    /// Notes a finished run, for a clip that was found in the library.
    func record(_ run: RunSummary) async throws {
        guard let clip, let library = try await Library.openExisting() else { return }
        try await library.recordMasks(
            of: clip,
            method: run.method.name,
            path: output.string,
            settings: try JSONText.line(run.method.settings),
            frameCount: run.frameCount
        )
        try await library.publish([clip])
    }
}
