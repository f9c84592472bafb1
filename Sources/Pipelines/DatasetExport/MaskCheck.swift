import DatasetProfiles
import Diagnostics
import Files
import Imaging
import MaskStore
import Media
import SystemPackage

/// Looks at the masks of a row, whoever made them.
struct MaskCheck: Sendable {
    let rule: MaskRule
    let dataset: DatasetFolder
    /// What the data set's record says of its masks: "white" or "black"; nil without one.
    let object: String?

    /// - Parameters:
    ///   - masks: the masks, relative to the data set.
    ///   - clip: what is known of the clip; nil where it cannot be read.
    ///   - row: the row that has them.
    /// - Returns: why the consumer would reject them, and what is odd about them, as a sentence.
    /// - Throws: `CancellationError`.
    func run(
        _ masks: String,
        of clip: ClipFacts?,
        _ row: FoundRow
    ) async throws -> (rejections: [Rejection], warning: String?) {
        // The layout that reads the table looks at the run lengths.
        guard rule.form != .runs else { return ([], nil) }
        guard rule.form != .sampled else { return (try sampled(masks, row), nil) }
        let path = dataset.path(masks)
        let isFolder = (try? Folder.kind(of: path)) == .folder
        guard rule.form == .images ? isFolder : dataset.hasFile(masks) else {
            return ([Rejection(.masks, "there are no masks \(quoted(masks))")], nil)
        }
        do {
            let tally =
                switch rule.form {
                case .images: try images(in: path)
                case .video: try await video(path)
                case .still, .sampled, .runs: try still(path)
                }
            let rejections = rejections(tally, of: clip) + (try polarity(of: path))
            return (rejections, warning(tally))
        } catch let error as EightCutError {
            return ([Rejection(.masks, "its masks cannot be read: \(error.why)")], nil)
        }
    }

    /// What the pixels of all masks of a clip are like.
    private struct Tally {
        var count = 0
        /// Columns and rows of the first one, and of the first one that differs.
        var size = (width: 0, height: 0)
        var other: (width: Int, height: Int)?
        /// The brightest value.
        var most: UInt8 = 0
        /// The pixels at the borders, and how many of them are white.
        var (border, lightBorder) = (0, 0)

        mutating func add(_ width: Int, _ height: Int, _ pixels: UnsafeRawBufferPointer) {
            if count == 0 {
                size = (width, height)
            } else if other == nil, size != (width, height) {
                other = (width, height)
            }
            count += 1
            most = max(most, pixels.max() ?? 0)
            let (last, end) = (width * (height - 1), width * height)
            let rims = [0..<width, last..<end].joined()
            let sides = stride(from: 0, to: end, by: width).lazy.flatMap { [$0, $0 + width - 1] }
            for place in rims { lightBorder += pixels[place] >= 128 ? 1 : 0 }
            for place in sides { lightBorder += pixels[place] >= 128 ? 1 : 0 }
            border += 2 * (width + height)
        }

        mutating func add(_ image: GrayImage) {
            image.pixels.withUnsafeBytes { add(image.width, image.height, $0) }
        }
    }

    private func images(in folder: FilePath) throws -> Tally {
        let sequence = try MaskSequence(folder)
        var tally = Tally()
        for number in 0..<sequence.count {
            try Task.checkCancellation()
            tally.add(try PNG.readGray(sequence.path(number)))
        }
        return tally
    }

    /// Masks of the frames that are read as images: under the same names, of the same size, and
    /// black and white, because Python's Pillow dithers what is between. For training only the first
    /// one is read.
    private func sampled(_ masks: String, _ row: FoundRow) throws -> [Rejection] {
        let frames = row.split?.isExactly("train") == true ? row.images.prefix(1) : row.images[...]
        for image in frames {
            let name = image.path.divided(atLast: "/").map { String($0.1) } ?? image.path
            let path = "\(masks)/\(name)"
            guard dataset.hasFile(path) else {
                return [Rejection(.masks, "there is no mask \(quoted(path))")]
            }
            if let why = try fault(ofMask: dataset.path(path), image) {
                return [Rejection(.masks, "the mask \(quoted(path)) \(why)")]
            }
        }
        return []
    }

    private func fault(ofMask path: FilePath, _ image: FoundImage) throws -> String? {
        let mask: GrayImage
        do {
            // Of other kinds than grey, what is not black is the object.
            mask = try (try? PNG.readGray(path)) ?? PNG.readNonZero(path)
        } catch let error as EightCutError {
            return "cannot be read: \(error.why)"
        }
        guard mask.width == image.width, mask.height == image.height else {
            return "has \(mask.width)x\(mask.height) pixels, and not \(image.width)x\(image.height)"
        }
        guard let grey = mask.pixels.first(where: { $0 != 0 && $0 != 255 }) else { return nil }
        return "has the value \(grey): only 0 and 255 are read as they are"
    }

    private func still(_ path: FilePath) throws -> Tally {
        var tally = Tally()
        tally.add(try PNG.readGray(path))
        return tally
    }

    private func video(_ path: FilePath) async throws -> Tally {
        let stream = try await VideoProbe.stream(of: path)
        let decoder = VideoDecoder(path: path, stream: stream, format: .gray8)
        return try await decoder.withFrames { frames in
            var tally = Tally()
            while let frame = try await frames.next() {
                frame.pixels.withUnsafeBytes { tally.add(frame.width, frame.height, $0) }
            }
            return tally
        }.result
    }

    private func rejections(_ tally: Tally, of clip: ClipFacts?) -> [Rejection] {
        var rejections: [Rejection] = []
        func reject(_ why: String) { rejections.append(Rejection(.masks, why)) }
        if let other = tally.other {
            reject(
                "its masks have several sizes: \(tally.size.width)x\(tally.size.height) and "
                    + "\(other.width)x\(other.height)"
            )
        } else if let clip, tally.size != (clip.width, clip.height) {
            reject(
                "its masks have \(tally.size.width)x\(tally.size.height) pixels, and the clip "
                    + "\(clip.width)x\(clip.height)"
            )
        }
        if let wanted = rule.frameCount {
            if tally.count < wanted { reject("there are \(tally.count) masks, and not \(wanted)") }
        } else if let clip, rule.form != .still, tally.count != clip.frameCount {
            reject("there are \(tally.count) masks for \(clip.frameCount) frames")
        }
        // The means of a still mask have every level.
        if rule.form != .still, (1..<128).contains(tally.most) {
            reject("no value in its masks is above \(tally.most): white is 255")
        }
        return rejections
    }

    /// What is written about the masks, where something is.
    private func polarity(of path: FilePath) throws -> [Rejection] {
        let known: MaskPolarity? =
            if rule.form == .images, let manifest = try MaskManifest(foundIn: path) {
                manifest.polarity
            } else {
                object.map { $0.isExactly("black") ? .blackObject : .whiteObject }
            }
        guard let known, known != rule.polarity else { return [] }
        let (found, wanted) = (Self.colour(known), Self.colour(rule.polarity))
        return [Rejection(.masks, "the object is \(found) in its masks, and has to be \(wanted)")]
    }

    private static func colour(_ polarity: MaskPolarity) -> String {
        polarity == .whiteObject ? "white" : "black"
    }

    /// Objects seldom cover most of the border: where they seem to, it may be the background.
    private func warning(_ tally: Tally) -> String? {
        let light = Double(tally.lightBorder) / Double(max(1, tally.border))
        let isOdd = rule.polarity == .whiteObject ? light > 0.75 : light < 0.25
        guard isOdd, rule.form != .still else { return nil }
        let colour = rule.polarity == .whiteObject ? "white" : "black"
        return "most of the border of its masks is \(colour), which is the object: "
            + "are they inverted?"
    }
}
