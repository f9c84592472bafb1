import Files
import SystemPackage
import TestSupport
import Testing

/// A copy of a small checkpoint that a test damages.
struct ChangedCheckpoint {
    /// Its folder.
    let path: FilePath

    private var weights: FilePath { path.appending("model.safetensors") }

    /// Copies one.
    init(
        _ model: String = "tiny",
        of models: FilePath = DepthFixtures.folder,
        to path: FilePath
    ) async throws {
        self.path = path
        let source = models.appending(model).string
        let result = try await Program.run("cp", ["-r", source, path.string])
        try #require(result.status == 0, "\(result.errors)")
    }

    /// Writes a file anew.
    func write(_ text: String, to name: String) throws {
        try AtomicFile.write(text, to: path.appending(name))
    }

    /// Changes the list of tensors, as JSON; the numbers stay where they are.
    func changeHeader(_ change: (String) -> String) throws {
        let bytes = try MaskSet.bytes(of: weights)
        let length = bytes.prefix(8).enumerated().reduce(0) {
            $0 + Int($1.element) << (8 * $1.offset)
        }
        let header = Array(
            change(String(decoding: bytes[8..<8 + length], as: UTF8.self)).utf8
        )
        let prefix = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
        try (prefix + header + bytes[(8 + length)...]).withUnsafeBytes {
            try AtomicFile.write($0, to: weights)
        }
    }

    /// Truncates the file of weights to a part of it.
    func truncateWeights(keeping part: Double) throws {
        let bytes = try MaskSet.bytes(of: weights)
        try Array(bytes.prefix(Int(Double(bytes.count) * part))).withUnsafeBytes {
            try AtomicFile.write($0, to: weights)
        }
    }

    /// Puts a 32-bit number in the place of the file's last, which belongs to some weight.
    func endWeights(with number: Float) throws {
        var bytes = try MaskSet.bytes(of: weights)
        bytes.replaceSubrange(
            (bytes.count - 4)...,
            with: withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
        )
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: weights) }
    }

    /// Puts a 32-bit number in the place of all the weights.
    func fillWeights(with number: Float) throws {
        var bytes = try MaskSet.bytes(of: weights)
        let length = bytes.prefix(8).enumerated().reduce(0) {
            $0 + Int($1.element) << (8 * $1.offset)
        }
        let pattern = withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
        for place in (8 + length)..<bytes.count { bytes[place] = pattern[(place - length) % 4] }
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: weights) }
    }
}
