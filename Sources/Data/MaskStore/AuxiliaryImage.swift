import Imaging
import SystemPackage

/// A picture beside a mask.
package enum AuxiliaryImage: Sendable, Equatable {
    /// The folder that holds `levels`.
    package static let depthFolder = "depth"
    /// The folder that holds `numbers`.
    package static let labelsFolder = "labels"

    /// A mask of its own: one object of several.
    case mask(GrayImage)
    /// Many grey levels: depth.
    case levels(Gray16Image)
    /// Numbers of objects.
    case numbers(IndexedImage)

    /// Writes it as a PNG file.
    ///
    /// - Throws: `EightCutError` when the file cannot be written.
    package func write(to path: FilePath) throws {
        switch self {
        case .mask(let image): try PNG.write(image, to: path)
        case .levels(let image): try PNG.write(image, to: path)
        case .numbers(let image): try PNG.write(image, to: path)
        }
    }

    /// Reads one back, of whatever kind it is.
    ///
    /// - Throws: `EightCutError` when the file cannot be read, is damaged, or is of another kind.
    package init(readingFrom path: FilePath) throws {
        switch try PNG.readImage(path) {
        case .gray(let image): self = .mask(image)
        case .gray16(let image): self = .levels(image)
        case .indexed(let image): self = .numbers(image)
        }
    }

    /// Columns and rows.
    package var size: (width: Int, height: Int) {
        switch self {
        case .mask(let image): (image.width, image.height)
        case .levels(let image): (image.width, image.height)
        case .numbers(let image): (image.width, image.height)
        }
    }

    /// Whether it is of the kind that a side folder of that name holds.
    package func belongs(in folder: String) -> Bool {
        switch self {
        case .levels: folder == Self.depthFolder
        case .numbers: folder == Self.labelsFolder
        case .mask: folder != Self.depthFolder && folder != Self.labelsFolder
        }
    }

    /// The same with object and background changed, where that makes sense.
    package func inverted() -> AuxiliaryImage {
        guard case .mask(var image) = self else { return self }
        image.invert()
        return .mask(image)
    }
}
