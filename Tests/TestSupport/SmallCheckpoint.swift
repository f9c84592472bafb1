import Files
import SystemPackage

/// A checkpoint of a few bytes that looks like a real one.
package enum SmallCheckpoint {
    /// Writes `config.json`, `preprocessor_config.json` and `model.safetensors`.
    ///
    /// - Parameters:
    ///   - folder: where; it is made.
    ///   - bytes: how many bytes of numbers the weights have.
    ///   - seed: other seeds make other weights.
    /// - Throws: `EightCutError` when they cannot be written.
    package static func make(_ folder: FilePath, bytes: Int = 300_000, seed: UInt64 = 1) throws {
        try Folder.create(folder)
        try AtomicFile.write("{\"model_type\": \"test\"}", to: folder.appending("config.json"))
        try AtomicFile.write("{}", to: folder.appending("preprocessor_config.json"))
        try weights(bytes: bytes, seed: seed).withUnsafeBytes {
            try AtomicFile.write($0, to: folder.appending("model.safetensors"))
        }
    }

    /// A file of weights: one tensor of bytes.
    package static func weights(bytes: Int, seed: UInt64 = 1) -> [UInt8] {
        let header =
            "{\"__metadata__\":{\"format\":\"pt\"},\"w\":{\"dtype\":\"U8\",\"shape\":[\(bytes)],"
            + "\"data_offsets\":[0,\(bytes)]}}"
        var content = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> ($0 * 8)) }
        content += header.utf8
        content.reserveCapacity(content.count + bytes)
        var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
        for _ in 0..<bytes {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            content.append(UInt8(truncatingIfNeeded: state))
        }
        return content
    }
}
