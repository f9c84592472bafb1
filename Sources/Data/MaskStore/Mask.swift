import Imaging
import SystemPackage

/// The mask of one frame.
package struct Mask: Sendable {
    /// 0 background, 255 object; the size of the video.
    package var image: GrayImage
    /// An image for each of the method's auxiliary folders, by the folder's name.
    package var auxiliary: [String: AuxiliaryImage]
    /// What the method reports about the mask, by name: a confidence, for example.
    package let scores: [String: Double]

    package init(
        image: GrayImage,
        auxiliary: [String: AuxiliaryImage] = [:],
        scores: [String: Double] = [:]
    ) {
        self.image = image
        self.auxiliary = auxiliary
        self.scores = scores
    }
}

/// A folder inside that of the masks with one more image for each frame, under the mask's name.
package struct AuxiliaryFolder: Sendable, Equatable, Codable {
    /// The folder's name.
    package let folder: String
    /// What its images show.
    package let kind: AuxiliaryImage.Kind

    package init(_ folder: String, _ kind: AuxiliaryImage.Kind) {
        self.folder = folder
        self.kind = kind
    }
}

/// An image beside a mask, of the same size.
package enum AuxiliaryImage: Sendable, Equatable {
    /// The mask of one object of several.
    case mask(GrayImage)
    /// Depth: 0 the farthest, 65535 the nearest.
    case depth(Gray16Image)
    /// The number of the object at each pixel, 0 where there is none.
    case labels(IndexedImage)

    /// What an image shows, as the manifest names it.
    package enum Kind: String, Sendable, Codable {
        /// 8-bit grey PNG, 255 where the object is.
        case mask
        /// 16-bit grey PNG.
        case depth
        /// Indexed PNG.
        case labels
    }

    /// Reads a PNG file; its format determines the kind.
    ///
    /// - Throws: `EightCutError` when the file cannot be read, is damaged, or is of no kind.
    package init(readingFrom path: FilePath) throws {
        switch try PNG.readImage(path) {
        case .gray(let image): self = .mask(image)
        case .gray16(let image): self = .depth(image)
        case .indexed(let image): self = .labels(image)
        }
    }

    /// Writes a PNG file.
    ///
    /// - Throws: `EightCutError` when it cannot be written.
    package func write(to path: FilePath) throws {
        switch self {
        case .mask(let image): try PNG.write(image, to: path)
        case .depth(let image): try PNG.write(image, to: path)
        case .labels(let image): try PNG.write(image, to: path)
        }
    }

    package var kind: Kind {
        switch self {
        case .mask: .mask
        case .depth: .depth
        case .labels: .labels
        }
    }

    /// Columns and rows.
    package var size: (width: Int, height: Int) {
        switch self {
        case .mask(let image): (image.width, image.height)
        case .depth(let image): (image.width, image.height)
        case .labels(let image): (image.width, image.height)
        }
    }

    /// A mask with object and background exchanged; the other kinds unchanged.
    package func inverted() -> AuxiliaryImage {
        guard case .mask(var image) = self else { return self }
        image.invert()
        return .mask(image)
    }
}
