import Pictures
import Pixels
import SystemPackage

/// A picture beside a mask.
public enum SidePicture: Sendable, Equatable {
    /// A mask of its own: one object of several.
    case mask(GrayImage)
    /// Many grey levels: depth.
    case levels(Gray16Image)
    /// Numbers of objects.
    case numbers(IndexedImage)

    /// Writes it as a PNG file.
    ///
    /// - Throws: `EightCutError` when the file cannot be written.
    func write(to path: FilePath) throws {
        switch self {
        case .mask(let image): try PNG.write(image, to: path)
        case .levels(let image): try PNG.write(image, to: path)
        case .numbers(let image): try PNG.write(image, to: path)
        }
    }

    /// Reads one back, of whatever kind it is.
    ///
    /// - Throws: `EightCutError` when the file cannot be read, is damaged, or is of another kind.
    init(readingFrom path: FilePath) throws {
        switch try PNG.kind(of: path) {
        case .gray: self = .mask(try PNG.readGray(path))
        case .gray16: self = .levels(try PNG.readGray16(path))
        case .indexed: self = .numbers(try PNG.readIndexed(path))
        }
    }

    /// The same with object and background changed, where that makes sense.
    func inverted() -> SidePicture {
        guard case .mask(var image) = self else { return self }
        image.invert()
        return .mask(image)
    }
}
