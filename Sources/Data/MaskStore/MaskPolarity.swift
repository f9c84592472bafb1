import Files
import Imaging
import SystemPackage

/// Which pixels of mask files are the object. It is a property of the files alone: records, flags,
/// measures and previews speak of the object, whatever the files show.
package enum MaskPolarity: Sendable, Equatable {
    /// White is the object. So it is in folders that have no manifest of 8cut.
    case whiteObject
    /// Black is the object: `--invert`.
    case blackObject

    /// The object that a mask file shows.
    ///
    /// - Parameter file: the file's samples; those of other programs may have levels between 0 and
    ///   255, which count as white from 128 on.
    /// - Returns: 255 on the object and 0 elsewhere.
    package func object(in file: GrayImage) -> GrayImage {
        let flip: UInt8 = self == .blackObject ? 255 : 0
        var image = file
        image.pixels.withUnsafeMutableBufferPointer { pixels in
            for index in pixels.indices { pixels[index] = pixels[index] ^ flip >= 128 ? 255 : 0 }
        }
        return image
    }
}

extension MaskPolarity {
    /// What a single file shows: a mask of a frame that 8cut has made, of all objects or of one,
    /// belongs to a folder whose manifest says it.
    ///
    /// - Throws: `EightCutError` when that manifest cannot be read.
    package init(ofFile path: FilePath) throws {
        self = .whiteObject
        let path = path.absolute
        guard let name = path.lastComponent?.string, MaskName.isOfFrame(name) else { return }
        var folder = path.removingLastComponent()
        if let inner = folder.lastComponent?.string, AuxiliaryFolder.isName(inner) {
            folder = folder.removingLastComponent()
        }
        if let manifest = try MaskManifest(foundIn: folder) { self = manifest.polarity }
    }
}

extension MaskManifest {
    /// The first schema whose records speak of the object. Those before speak of the white part.
    private static let firstSchemaOfObjects = 3

    /// What the mask files show.
    package var polarity: MaskPolarity {
        method.settings["invert"] == .flag(true) ? .blackObject : .whiteObject
    }

    /// Which part of the files `frames` speaks of, as if that were the object.
    var recordPolarity: MaskPolarity {
        schema < Self.firstSchemaOfObjects ? .whiteObject : polarity
    }

    /// Whether `frames` speaks of the background: masks of an earlier version with a black object.
    package var describesBackground: Bool { recordPolarity != polarity }
}
