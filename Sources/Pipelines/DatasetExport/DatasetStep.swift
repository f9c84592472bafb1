import ClipExport
import DatasetProfiles
import Files
import SystemPackage

/// How a file of a data set is made, or a folder of images.
package enum DatasetStep: Sendable {
    /// The clip's file, as it is.
    case link(FilePath)
    /// The clip, cut again from its source.
    case cut(ClipCut)
    /// The masks as images.
    case maskImages(MaskFrames)
    /// The masks as a grey video.
    case maskVideo(MaskFrames)
    /// The mean of the masks as one image.
    case stillMask(MaskFrames)
    /// Masks as images of some frames, with the names and the size of those frames.
    case sampledMasks(MaskFrames, ImageRule, stem: String)
    /// The annotations of a clip.
    case cocoMasks(CocoMasks)
    /// The annotations of a split.
    case coco(CocoTable)
    /// Frames of a clip.
    case images(ClipImages)
    /// The audio of a clip.
    case audio(ClipAudio)
    /// A text.
    case text(String)
    /// An archive of files.
    case shard([PlannedFile])
}

/// A file of a data set, or a folder of images, that is to be made.
package struct PlannedFile: Sendable {
    /// Relative to the data set, with slashes.
    package let path: String
    package let step: DatasetStep
    /// The SHA-256 of all that decides its content: it is made again when that changes.
    package let digest: String

    /// - Parameters:
    ///   - path: relative to the data set, with slashes.
    ///   - step: how it is made.
    ///   - content: what identifies the content of the step's inputs.
    init(_ path: String, _ step: DatasetStep, of content: String = "") {
        self.path = path
        self.step = step
        let recipe =
            switch step {
            case .link: "link"
            case .cut(let cut): "cut \(cut.recipe)"
            case .maskImages(let frames): "images \(frames.recipe)"
            case .maskVideo(let frames): "video \(frames.recipe)"
            case .stillMask(let frames): "still \(frames.recipe)"
            case .sampledMasks(let frames, let rule, let stem):
                "sampled \(rule) \(stem) \(frames.recipe)"
            case .cocoMasks(let masks): "coco masks \(masks.recipe)"
            case .coco(let table): "coco \(table.recipe)"
            case .images(let images): "frames \(images.recipe)"
            case .audio(let audio): "audio \(audio.recipe)"
            case .text(let text): "text \(text)"
            case .shard(let parts):
                "shard " + parts.map { "\($0.path) \($0.digest)" }.joined(separator: "\n")
            }
        digest = Digest.hex(of: recipe + "\n" + content)
    }
}
