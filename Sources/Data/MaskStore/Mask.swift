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
    /// What the mask is judged by, as far as that is known while it is drawn.
    package let judgement: MaskJudgement

    package init(
        image: GrayImage,
        auxiliary: [String: AuxiliaryImage] = [:],
        scores: [String: Double] = [:],
        judgement: MaskJudgement = MaskJudgement()
    ) {
        self.image = image
        self.auxiliary = auxiliary
        self.scores = scores
        self.judgement = judgement
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

    /// Depth maps.
    package static let depth = AuxiliaryFolder("depth", .depth)
    /// The objects' numbers.
    package static let labels = AuxiliaryFolder("labels", .labels)

    /// The masks of one object of several, numbered from 1.
    package static func ofObject(_ number: Int) -> AuxiliaryFolder {
        AuxiliaryFolder(objectPrefix + "\(number)", .mask)
    }

    private static let objectPrefix = "object_"

    /// The object that a folder belongs to, nil for another folder.
    package static func object(of name: String) -> Int? {
        let bytes = Array(name.utf8)
        guard bytes.starts(with: objectPrefix.utf8),
            let number = DecimalName.value(bytes.dropFirst(objectPrefix.utf8.count)),
            number > 0, ofObject(number).folder == name
        else { return nil }
        return number
    }

    /// Whether a folder has one of the names that 8cut gives. Only these are ever entered.
    package static func isName(_ name: String) -> Bool {
        [depth.folder, labels.folder].contains(name) || object(of: name) != nil
    }

    /// The folder's name; nil where the manifest names a folder that is not one of ours.
    var name: FilePath.Component? { Self.isName(folder) ? FilePath.Component(folder) : nil }
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

    /// The image of a PNG file; its format determines the kind.
    init(_ image: PNG.Image) {
        switch image {
        case .gray(let image): self = .mask(image)
        case .gray16(let image): self = .depth(image)
        case .indexed(let image): self = .labels(image)
        }
    }

    /// Itself as a PNG file in memory.
    ///
    /// - Throws: `EightCutError` when it cannot be encoded.
    func encoded() throws -> EncodedPNG {
        switch self {
        case .mask(let image): try PNG.encoded(image)
        case .depth(let image): try PNG.encoded(image)
        case .labels(let image): try PNG.encoded(image)
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
