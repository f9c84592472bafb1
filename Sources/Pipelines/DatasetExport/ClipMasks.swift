import ClipLibrary
import DatasetProfiles
import Diagnostics
import Files
import MaskStore
import SystemPackage

/// The masks of a clip that fit it.
package struct ClipMasks: Sendable, Equatable {
    package let folder: FilePath
    package let method: String
    package let polarity: MaskPolarity
    /// The object that they show; nil for all.
    package let object: Int?
    /// Changes when the masks do.
    package let digest: String

    /// The folder of the images.
    package var images: FilePath {
        object.map { folder.appending(AuxiliaryFolder.ofObject($0).folder) } ?? folder
    }
}

/// Finds the masks of a clip: those that the library knows, else the folder beside the clip. Only
/// masks fit that were made for this very file, one for each of its frames.
struct MaskFinder: Sendable {
    /// What was found.
    enum Result: Sendable, Equatable {
        case none
        case masks(ClipMasks)
        case unusable(Rejection)
    }

    let choice: MaskChoice

    /// - Parameters:
    ///   - clip: whose file is there and unchanged.
    ///   - known: the masks that the library knows.
    /// - Returns: the latest masks that fit, or else why the latest do not.
    func find(_ clip: LibraryClip, _ known: [LibraryMasks]) -> Result {
        let recorded = known.filter { choice.method == nil || $0.method == choice.method }
            .sorted { $0.madeAt > $1.madeAt }
        let beside = MaskFolder.defaultPath(for: FilePath(clip.path))
        let folders = recorded.map { FilePath($0.path) }
        var first: Rejection?
        for folder in folders.contains(beside) ? folders : folders + [beside] {
            do throws(Fault) {
                guard let masks = try masks(in: folder, of: clip) else { continue }
                return .masks(masks)
            } catch {
                first = first ?? rejection(of: folder, clip, error.why)
            }
        }
        return first.map { .unusable($0) } ?? .none
    }

    /// Why masks do not fit.
    private struct Fault: Error { let why: String }

    /// - Returns: nil where there are none, or none of the method.
    private func masks(in folder: FilePath, of clip: LibraryClip) throws(Fault) -> ClipMasks? {
        let manifest: MaskManifest
        let digest: FileFingerprint
        do {
            guard let found = try MaskManifest(foundIn: folder) else { return nil }
            manifest = found
            digest = try FileFingerprint(of: folder.appending(MaskManifest.fileName))
        } catch {
            throw Fault(why: EightCutError(ending: error).why)
        }
        if let method = choice.method, manifest.method.name != method { return nil }
        guard manifest.input.file.bytes == clip.bytes,
            manifest.input.file.headAndTailSHA256 == clip.hash
        else { throw Fault(why: "they were made for an earlier version of the clip") }
        guard manifest.complete else { throw Fault(why: "the run that makes them was interrupted") }
        guard manifest.frameCount == clip.frameCount else {
            throw Fault(
                why: "there are \(manifest.frameCount) for \(clip.frameCount) frames"
            )
        }
        guard manifest.input.width == clip.width, manifest.input.height == clip.height else {
            throw Fault(why: "they have another size than the clip")
        }
        if let problem = MaskSetProblem(of: folder, manifest) { throw Fault(why: problem.text) }
        if let object = choice.object {
            let wanted = AuxiliaryFolder.ofObject(object).folder
            guard manifest.auxiliary.contains(where: { $0.folder == wanted }) else {
                throw Fault(why: "they do not have object \(object)")
            }
        }
        return ClipMasks(
            folder: folder,
            method: manifest.method.name,
            polarity: manifest.polarity,
            object: choice.object,
            digest: digest.headAndTailSHA256
        )
    }

    private func rejection(of folder: FilePath, _ clip: LibraryClip, _ why: String) -> Rejection {
        Rejection(
            .masks,
            "its masks in \(quoted(folder.string)) do not fit: \(why)",
            remedy: Self.remedy(clip, choice.method)
        )
    }

    /// How to make masks of a clip.
    static func remedy(_ clip: LibraryClip, _ method: String?) -> String {
        "Make them with 8cut masks \(method ?? "saliency") --clip \(clip.id) --overwrite."
    }
}
