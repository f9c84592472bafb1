import Diagnostics
import Files
import Imaging
import MaskPipeline
import MaskStore
import Methods
import SystemPackage

/// What is particular to a kind of model when the native engine is compared with the reference.
protocol EngineComparison: Sendable {
    /// The reference's script.
    var script: ReferenceScript { get }
    /// How far the engines must agree.
    var limits: ParityReport.Limits { get }
    /// The script's options that not every script has. Files that they name are written to a
    /// folder.
    func arguments(in folder: FilePath) throws -> [String]
    /// The native method. What it produces besides masks is written to a folder.
    func method(_ model: CheckpointModel, in folder: FilePath) throws -> any MaskMethod
    /// Compares what the engines have produced.
    func compare(_ native: NativeResult, _ reference: ReferenceResult) throws -> [FrameComparison]
}

extension EngineComparison {
    /// IoU of both engines' masks of a frame, or of one object on it.
    func iou(
        _ name: String,
        _ native: NativeResult,
        _ reference: ReferenceResult
    ) throws -> Double {
        try MaskPair(name, native.folder, reference.folder).iou
    }
}

/// How far the engines agree about one frame.
package struct FrameComparison: Sendable, Equatable, Codable {
    /// Number of the frame.
    package let frame: Int
    /// Intersection over union of the two masks, 1 when both are empty.
    package let maskIoU: Double
    /// With a depth model: the largest difference of depth, divided by the range of the
    /// reference's. The native engine's is read from 16-bit images, so it is not below 8e-6 or
    /// so.
    package let depthError: Double?
    /// With SAM 2: how far they agree about each object.
    package let objects: [ObjectComparison]?

    /// The least IoU, of the frame's mask and of each object's.
    var leastIoU: Double {
        (objects ?? []).reduce(maskIoU) { min($0, $1.maskIoU) }
    }

    var mostError: Double { (objects ?? []).reduce(depthError ?? 0) { max($0, $1.logitError) } }
}

/// How far the engines agree about one object on one frame.
package struct ObjectComparison: Sendable, Equatable, Codable {
    /// Number of the object.
    package let object: Int
    /// Intersection over union of its two masks, 1 when both are empty.
    package let maskIoU: Double
    /// The largest difference of the masks' logits, divided by the range of the reference's over
    /// the whole video without the frames where it does not see the object.
    package let logitError: Double
    /// The native engine's: above 0 where the object is visible.
    package let objectScore: Double
    /// Whether the reference sees the object.
    package let isThereForReference: Bool

    /// Whether the native engine sees the object.
    var isThere: Bool { objectScore > 0 }
}

/// The masks of both engines.
struct MaskPair {
    let native: GrayImage
    let reference: GrayImage

    /// Reads them.
    ///
    /// - Parameters:
    ///   - name: the name of both files in their folders.
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
    var iou: Double { MaskMetrics.iou(native, reference) }
}

/// Files of 32-bit floats, row by row, as the reference scripts write them.
enum FloatFile {
    /// The name of a frame's file: that of its mask, with another ending.
    static func name(of frame: Int) -> String { MaskName.of(frame: frame).dropLast(3) + "f32" }

    static func read(_ path: FilePath) throws -> [Float] {
        let bytes: [UInt8]
        do {
            bytes = try SmallFile.read(path, limit: 1 << 30)
        } catch let error as Errno {
            throw fileError("cannot read", path, error)
        }
        return bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count / 4 * 4, by: 4).map {
                bytes.loadUnaligned(fromByteOffset: $0, as: Float.self)
            }
        }
    }

    static func write(_ floats: [Float], to path: FilePath) throws {
        try floats.withUnsafeBytes { try AtomicFile.write($0, to: path) }
    }

    /// The error of two files that cannot be compared.
    static func unequal(_ what: String, _ frame: Int) -> EightCutError {
        EightCutError(
            .toolFailed,
            "cannot compare the \(what) of frame \(frame)",
            because: "the reference's has another size"
        )
    }
}
