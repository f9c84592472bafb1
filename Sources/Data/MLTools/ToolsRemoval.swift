import Diagnostics
import Files

/// Deletes the Python environment.
package enum ToolsRemoval {
    /// Deletes it, whatever its state, if it is ours.
    ///
    /// - Parameter home: the folder that holds the environment.
    /// - Returns: bytes that were freed on disk; nil when there was nothing to delete.
    /// - Throws: `EightCutError` when it is somebody else's, another run is working on it, or it
    ///   cannot be deleted.
    package static func remove(home: EightCutHome = .current) throws -> Int? {
        let folder = ToolsFolder(home: home)
        guard try Folder.kind(of: home.path) == .folder else { return nil }
        let lock = try folder.lock()
        defer { withExtendedLifetime(lock) {} }
        let bytes = folder.sizeOnDisk
        try folder.repair()
        guard bytes > 0 || ToolsFolder.content(of: folder.path) != .missing else { return nil }
        try folder.discard(folder.path)
        return bytes
    }
}
