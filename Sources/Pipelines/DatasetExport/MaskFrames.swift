import DatasetProfiles
import Diagnostics
import Files
import Imaging
import MaskStore
import Media
import SystemPackage

/// The masks of a clip as a consumer gets them: which of them, how large, and in which values.
package struct MaskFrames: Sendable, Equatable {
    let masks: ClipMasks
    /// For each frame that is written, the frame of the clip whose mask it shows.
    let sources: [Int]
    /// In fps.
    let frameRate: Rational
    /// Columns and rows, those of the clip's masks.
    let width, height: Int
    let polarity: MaskPolarity
    /// Whether the images are those of the clip, file by file.
    let isSame: Bool

    /// All masks of a clip that stays as it is.
    init(_ masks: ClipMasks, of clip: ClipFacts, _ rule: MaskRule) {
        self.masks = masks
        sources = Array(0..<clip.frameCount)
        frameRate = clip.frameRate
        (width, height) = (clip.width, clip.height)
        polarity = rule.polarity
        isSame = rule.polarity == masks.polarity && rule.dilation == 0
    }

    /// The content of the masks is not in it.
    var recipe: String {
        "\(sources) \(frameRate) \(width)x\(height) \(polarity) object \(masks.object ?? 0)"
    }

    /// The image of a frame that is written.
    ///
    /// - Throws: `EightCutError` when its mask cannot be read.
    func image(_ frame: Int) throws -> GrayImage {
        let path = path(of: frame)
        let limit = MaskLimits.imageBytes(width: width, height: height, bytesPerPixel: 1)
        let file: GrayImage
        do {
            let bytes = try SmallFile.read(path, limit: limit)
            file = try PNG.gray(bytes, at: path, maximumPixels: width * height)
        } catch let error as Errno {
            throw EightCutError(.inputMissing, "cannot read", on: path.string, because: "\(error)")
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
        var image = masks.polarity.object(in: file)
        if polarity == .blackObject { image.invert() }
        return image
    }

    /// The file of a mask of the clip.
    func path(of frame: Int) -> FilePath {
        masks.images.appending(MaskName.of(frame: sources[frame]))
    }
}

extension MaskFrames {
    /// Writes an image for each frame; the clip's own files, where nothing is changed about them.
    func writeImages(
        as name: FilePath.Component,
        in folder: OpenFolder,
        copies: Bool
    ) async throws {
        try folder.removeTree(name)
        let images = try folder.createFolder(name)
        for frame in sources.indices {
            try Task.checkCancellation()
            guard let file = FilePath.Component(MaskName.of(frame: frame)) else { continue }
            if isSame {
                try images.add(path(of: frame), as: file, copies: copies)
            } else {
                let encoded = try PNG.encoded(image(frame))
                try images.write(to: file) { try encoded.write(to: $0) }
            }
        }
        guard isSame, masks.object == nil else { return }
        let manifest = masks.folder.appending(MaskManifest.fileName)
        if let file = manifest.lastComponent { try images.add(manifest, as: file, copies: copies) }
    }

    /// Writes a video without loss with a frame for each mask.
    func writeVideo(as name: FilePath.Component, in folder: OpenFolder) async throws {
        let file = try folder.newFile(for: name)
        let writer = VideoWriter(
            grayTo: folder.path.appending(name),
            container: .mp4,
            width: width,
            height: height,
            pixelAspect: .one,
            frameRate: frameRate
        )
        try await writer.write(into: file) { sink in
            for frame in sources.indices {
                try Task.checkCancellation()
                try await sink.add(try image(frame))
            }
        }
        try file.publish(replaces: true)
    }

    /// Writes the mean of all masks as one image.
    func writeStill(as name: FilePath.Component, in folder: OpenFolder) throws {
        var sums = [Int](repeating: 0, count: width * height)
        for frame in sources.indices {
            try Task.checkCancellation()
            for (place, value) in try image(frame).pixels.enumerated() { sums[place] += Int(value) }
        }
        let count = max(1, sources.count)
        let pixels = sums.map { UInt8(clamping: ($0 + count / 2) / count) }
        let mean = GrayImage(width: width, height: height, pixels: pixels)
        let encoded = try PNG.encoded(mean)
        try folder.write(to: name) { try encoded.write(to: $0) }
    }
}
