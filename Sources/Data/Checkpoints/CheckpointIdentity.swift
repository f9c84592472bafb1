import Files
import SystemPackage
import Weights

/// Tells one checkpoint from another, whatever its folder is called.
package enum CheckpointIdentity {
    /// A digest of a checkpoint's settings and weights: of names, sizes, and the ends of the files.
    ///
    /// - Parameter folder: the checkpoint's folder.
    /// - Returns: 16 hex digits.
    /// - Throws: `EightCutError` when a file cannot be read.
    package static func of(_ folder: FilePath) throws -> String {
        let settings = [CheckpointFiles.config] + CheckpointFiles.optional
        let digest = Digest()
        for name in try Folder.names(in: folder)
        where settings.contains(name) || name.hasSuffix(".safetensors") {
            let file = try FileFingerprint(of: folder.appending(name))
            let line = "\(name) \(file.bytes) \(file.headAndTailSHA256)\n"
            Array(line.utf8).withUnsafeBytes { digest.update($0) }
        }
        return String(digest.finish().prefix(16))
    }
}
