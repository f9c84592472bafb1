import Files
import SystemPackage
import TestSupport

/// A checkpoint's folder with configuration files that a test writes.
struct ModelFolder {
    private let folder: TemporaryFolder
    var path: FilePath { folder.path }

    init() throws { folder = try TemporaryFolder() }

    /// Writes a file.
    func write(_ text: String, _ name: String = "config.json") throws {
        try AtomicFile.write(text, to: path.appending(name))
    }

    /// Writes a file from bytes.
    func write(_ bytes: [UInt8], _ name: String = "config.json") throws {
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: path.appending(name)) }
    }
}
