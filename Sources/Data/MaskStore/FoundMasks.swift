import Diagnostics
import Files
import Media
import SystemPackage

/// A folder of masks that was found, whoever made them.
package struct FoundMasks: Sendable {
    package let folder: FilePath
    let manifest: MaskManifest?
    let inventory: MaskInventory

    /// - Throws: `EightCutError` when there is no such folder, no mask in it, or a manifest of 8cut
    ///   that cannot be read.
    package init(_ folder: FilePath) throws {
        self.folder = folder
        inventory = try Self.inventory(of: folder)
        manifest = try MaskManifest(foundIn: folder)
    }

    private static func inventory(of folder: FilePath) throws -> MaskInventory {
        let kind = (try? Folder.kind(of: folder)) ?? .missing
        let remedy = "Make them first, for example with 8cut masks saliency --input VIDEO."
        guard kind == .folder else {
            throw EightCutError(
                .inputMissing,
                "cannot find masks in",
                on: folder.string,
                because: kind == .missing ? "there is no such folder" : "it is no folder",
                remedy: remedy
            )
        }
        let inventory = MaskInventory(try Folder.names(in: folder))
        guard inventory.frames.isEmpty else { return inventory }
        let strays = inventory.excess(frameCount: 0)
        throw EightCutError(
            .inputUnusable,
            "cannot find masks in",
            on: folder.string,
            because: (["no frame has a mask (frame_0000.png and so on)"] + strays)
                .joined(separator: "; "),
            remedy: strays.isEmpty ? remedy : "Rename the files: frame_0000.png is the first."
        )
    }

    /// What the files show, by the manifest; white is the object where there is none of 8cut.
    package var polarity: MaskPolarity { manifest?.polarity ?? .whiteObject }

    /// How the video was read when the masks were made, as far as the manifest says it.
    package var videoOptions: VideoOptions { manifest?.input.videoOptions ?? VideoOptions() }

    /// How many masks a finished run has made; nil when nobody knows.
    package var declaredCount: Int? {
        manifest.flatMap { $0.complete && $0.frameCount > 0 ? $0.frameCount : nil }
    }
}
