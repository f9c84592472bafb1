import Diagnostics
import Imaging
import MaskStore
import SystemPackage

/// The masks of both engines.
struct MaskPair {
    let native: GrayImage
    let reference: GrayImage

    /// Reads them.
    ///
    /// - Parameters:
    ///   - name: what both files are called in their folders.
    ///   - native: the folder of the native engine.
    ///   - reference: the folder of the reference.
    /// - Throws: `EightCutError` when one cannot be read, or is of another size than the other.
    init(_ name: String, _ native: FilePath, _ reference: FilePath) throws {
        self.native = try PNG.readGray(native.pushing(FilePath(name)))
        self.reference = try PNG.readGray(reference.pushing(FilePath(name)))
        guard self.native.width == self.reference.width,
            self.native.height == self.reference.height
        else {
            throw EightCutError(
                .toolFailed,
                "cannot compare the masks",
                on: name,
                because: "the reference's has another size"
            )
        }
    }

    /// Intersection over union, 1 when both are empty.
    var overlap: Double { MaskMetrics.iou(native, reference) }
}
