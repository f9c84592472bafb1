import ClipLibrary
import MaskStore
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
    func record(_ manifest: MaskManifest) async throws {
        guard let clip, let library = try await Library.openExisting() else { return }
        try await library.recordMasks(
            of: clip,
            method: manifest.method.name,
            path: output.string,
            settings: try JSONText.line(manifest.method.settings),
            frameCount: manifest.frameCount
        )
        try await library.publish([clip])
    }
}
