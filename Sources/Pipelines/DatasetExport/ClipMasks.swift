import ClipExport
import ClipLibrary
import DatasetProfiles
import Diagnostics
import Files
import Imaging
import MaskStore
import SystemPackage

/// The masks of a clip that fit it.
package struct ClipMasks: Sendable, Equatable {
    package let folder: FilePath
    package let method: String
    package let polarity: MaskPolarity
    /// The object that they show; nil for all.
    package var object: Int?
    /// The numbers of the objects that can be told apart.
    let objects: [Int]
    /// Changes when the masks do.
    package let digest: String
    /// An estimate of their IoU with the true masks, 0…1; nil where they were not judged.
    package let score: Double?
    /// Columns and rows.
    let width, height: Int
    /// How many there are.
    let frameCount: Int
    /// The bounding box of the object on every frame, nil where there is none; empty where the
    /// manifest does not have them.
    let boxes: [FramePart?]

    /// The folder of the images.
    package var images: FilePath {
        object.map { folder.appending(AuxiliaryFolder.ofObject($0).folder) } ?? folder
    }

    /// The file of a frame of the clip.
    func path(of frame: Int) -> FilePath { images.appending(MaskName.of(frame: frame)) }

    /// The mask of a frame of the clip, with 255 on the object and 0 elsewhere.
    ///
    /// - Throws: `EightCutError` when it cannot be read, or has another size.
    func image(_ frame: Int) throws -> GrayImage {
        let path = path(of: frame)
        let limit = MaskLimits.imageBytes(width: width, height: height, bytesPerPixel: 1)
        let file: GrayImage
        do {
            let bytes = try SmallFile.read(path, limit: limit)
            file = try PNG.gray(bytes, at: path, maximumPixels: width * height)
        } catch let error as Errno {
            throw EightCutError(
                .inputMissing,
                "cannot read",
                on: path.string,
                because: "\(error)",
                remedy: "Make the masks again."
            )
        }
        guard file.width == width, file.height == height else {
            throw EightCutError(
                .inputUnusable,
                "cannot use the mask",
                on: path.string,
                because: "it has \(file.width)x\(file.height) pixels, the clip \(width)x\(height)",
                remedy: "Make the masks again."
            )
        }
        return polarity.object(in: file)
    }

    /// The boxes around the object on some frames of the clip.
    ///
    /// - Returns: nil for those that do not show it.
    /// - Throws: `EightCutError` when a mask that has to be read cannot be.
    func boxes(of frames: [Int]) throws -> [FramePart?] {
        var known: [Int: FramePart?] = [:]
        for frame in frames where known[frame] == nil {
            try Task.checkCancellation()
            known[frame] = try box(of: frame)
        }
        return frames.map { known[$0] ?? nil }
    }

    private func box(of frame: Int) throws -> FramePart? {
        guard boxes.isEmpty else { return boxes.indices.contains(frame) ? boxes[frame] : nil }
        return MaskExtent(of: try image(frame)).box.flatMap { FramePart($0) }
    }

    /// The box that contains the object on all of some frames of the clip.
    ///
    /// - Returns: nil where none of them shows it.
    /// - Throws: `EightCutError` when a mask that has to be read cannot be.
    func box(of frames: [Int]) throws -> FramePart? {
        let all = try boxes(of: frames).compactMap(\.self)
        guard let left = all.map(\.x).min(), let top = all.map(\.y).min(),
            let right = all.map({ $0.x + $0.width }).max(),
            let bottom = all.map({ $0.y + $0.height }).max()
        else { return nil }
        return FramePart(width: right - left, height: bottom - top, x: left, y: top)
    }
}

extension FramePart {
    /// A bounding box of a manifest: left, top, width, height.
    fileprivate init?(_ box: [Int]) {
        guard box.count == 4 else { return nil }
        self.init(width: box[2], height: box[3], x: box[0], y: box[1])
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
            objects: manifest.auxiliary.compactMap { AuxiliaryFolder.object(of: $0.folder) }
                .sorted(),
            digest: digest.headAndTailSHA256,
            score: manifest.score,
            width: clip.width,
            height: clip.height,
            frameCount: clip.frameCount,
            boxes: boxes(manifest, clip)
        )
    }

    /// Those of the object that is asked for.
    private func boxes(_ manifest: MaskManifest, _ clip: LibraryClip) -> [FramePart?] {
        let records = manifest.frames
        guard choice.object == nil, !manifest.describesBackground,
            records.count == clip.frameCount, records.contains(where: { $0.box != nil }),
            records.enumerated().allSatisfy({ $0.offset == $0.element.frame })
        else { return [] }
        return records.map { $0.box.flatMap { FramePart($0) } }
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
