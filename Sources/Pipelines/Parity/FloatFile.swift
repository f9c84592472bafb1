import Diagnostics
import Files
import MaskStore
import SystemPackage

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

    /// The error of two files that cannot be held against each other.
    static func unequal(_ what: String, _ frame: Int) -> EightCutError {
        EightCutError(
            .toolFailed,
            "cannot compare the \(what) of frame \(frame)",
            because: "the reference's has another size"
        )
    }
}
