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
    /// For each frame that is written the frame of the clip, and its pixels.
    let placement: ClipPlacement
    /// In fps.
    let frameRate: Rational
    let polarity: MaskPolarity
    /// A mask is the union of those of so many frames before and after it.
    let dilation: Int

    /// The masks of a clip that stays as it is.
    init(_ masks: ClipMasks, of clip: ClipFacts, _ rule: MaskRule) {
        let placement = ClipPlacement(clip, count: rule.frameCount)
        self.init(masks, placement, clip.frameRate, rule)
    }

    /// The masks of a clip that is cut again.
    init(_ masks: ClipMasks, _ placement: ClipPlacement, _ frameRate: Rational, _ rule: MaskRule) {
        self.masks = masks
        self.placement = placement
        self.frameRate = frameRate
        polarity = rule.polarity
        dilation = rule.dilation
    }

    /// Columns and rows.
    var width: Int { placement.width }
    var height: Int { placement.height }

    /// How many images there are.
    var count: Int { placement.frames.count }

    /// Whether the images are files of the clip.
    var isSame: Bool { polarity == masks.polarity && dilation == 0 && placement.showsAll }

    /// Whether they are all of them, in their order.
    var isComplete: Bool {
        isSame && placement.frames.count == masks.frameCount
            && placement.frames.elementsEqual(placement.frames.indices)
    }

    /// The content of the masks is not in it.
    var recipe: String {
        "\(placement.recipe) \(frameRate) \(polarity) dilated \(dilation) object \(masks.object ?? 0)"
    }

    /// Reads the images in their order.
    func reader() -> MaskFrameReader { MaskFrameReader(frames: self) }
}

/// Makes the images of masks, each from the files around it, which are read once.
struct MaskFrameReader {
    let frames: MaskFrames
    /// White on the object, at the size that is written, by the frames that are written.
    private var objects: [Int: GrayImage] = [:]

    init(frames: MaskFrames) {
        self.frames = frames
    }

    /// The image of a frame.
    ///
    /// - Parameter frame: of those that are written.
    /// - Returns: the object in the polarity that is written.
    /// - Throws: `EightCutError` when a mask cannot be read.
    mutating func image(_ frame: Int) throws -> GrayImage {
        let first = max(0, frame - frames.dilation)
        let last = min(frames.count - 1, frame + frames.dilation)
        objects = objects.filter { (first...last).contains($0.key) }
        for number in first...last where objects[number] == nil {
            objects[number] = placed(
                try frames.masks.image(frames.placement.frames[number]),
                at: number
            )
        }
        var image = objects[frame] ?? GrayImage(width: 0, height: 0, pixels: [])
        for (number, object) in objects where number != frame { image.unite(with: object) }
        if frames.polarity == .blackObject { image.invert() }
        return image
    }

    /// The nearest pixels of a mask, on a frame that is written.
    private func placed(_ mask: GrayImage, at frame: Int) -> GrayImage {
        guard !frames.placement.showsAll else { return mask }
        let places = frames.placement.pixels(at: frame)
        var pixels: [UInt8] = []
        pixels.reserveCapacity(places.columns.count * places.rows.count)
        mask.pixels.withUnsafeBufferPointer { samples in
            for row in places.rows {
                let start = row * mask.width
                for column in places.columns { pixels.append(samples[start + column]) }
            }
        }
        return GrayImage(width: frames.width, height: frames.height, pixels: pixels)
    }
}

extension GrayImage {
    /// Takes the lighter pixels of two images of one size.
    fileprivate mutating func unite(with other: GrayImage) {
        other.pixels.withUnsafeBufferPointer { others in
            pixels.withUnsafeMutableBufferPointer { pixels in
                for place in pixels.indices { pixels[place] = max(pixels[place], others[place]) }
            }
        }
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
        var reader = reader()
        for (frame, source) in placement.frames.enumerated() {
            try Task.checkCancellation()
            guard let file = FilePath.Component(MaskName.of(frame: frame)) else { continue }
            if isSame {
                try images.add(masks.path(of: source), as: file, copies: copies)
            } else {
                let encoded = try PNG.encoded(reader.image(frame))
                try images.write(to: file) { try encoded.write(to: $0) }
            }
        }
        guard isComplete, masks.object == nil else { return }
        let manifest = masks.folder.appending(MaskManifest.fileName)
        if let file = manifest.lastComponent { try images.add(manifest, as: file, copies: copies) }
    }

    /// Writes the masks of frames that are written as images, under the same names.
    func writeSampled(
        as name: FilePath.Component,
        in folder: OpenFolder,
        _ rule: ImageRule,
        _ stem: String
    ) throws {
        try folder.removeTree(name)
        let images = try folder.createFolder(name)
        var reader = reader()
        for frame in 0..<count {
            try Task.checkCancellation()
            guard let file = FilePath.Component(rule.name(frame, of: stem)) else { continue }
            let encoded = try PNG.encoded(reader.image(frame))
            try images.write(to: file) { try encoded.write(to: $0) }
        }
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
            var reader = reader()
            for frame in 0..<count {
                try Task.checkCancellation()
                try await sink.add(try reader.image(frame))
            }
        }
        try file.publish(replaces: true)
    }

    /// Writes the mean of all masks as one image.
    func writeStill(as name: FilePath.Component, in folder: OpenFolder) throws {
        var sums = [Int](repeating: 0, count: width * height)
        var reader = reader()
        for frame in 0..<count {
            try Task.checkCancellation()
            for (place, value) in try reader.image(frame).pixels.enumerated() {
                sums[place] += Int(value)
            }
        }
        let count = max(1, self.count)
        let pixels = sums.map { UInt8(clamping: ($0 + count / 2) / count) }
        let mean = GrayImage(width: width, height: height, pixels: pixels)
        let encoded = try PNG.encoded(mean)
        try folder.write(to: name) { try encoded.write(to: $0) }
    }
}
