import Diagnostics
import Files
import Glibc
import SystemPackage

/// Deleting, setting aside and bringing back. The caller holds the lock.
extension ToolsFolder {
    /// Finishes what a killed run has left half done, so that the environment is again the one
    /// that it was before, or the new one: a reinstallation is done as soon as the new one has
    /// its marker.
    ///
    /// - Parameter quickly: whether to leave long deleting to others.
    /// - Throws: `EightCutError`.
    package func repair(quickly: Bool = false) throws {
        if !quickly { try removeDiscarded() }
        switch Self.content(of: previous) {
        case .missing, .foreign: return
        case .empty: try discard(previous)
        case .begun, .complete:
            switch Self.content(of: path) {
            case .complete: try discard(previous)
            case .foreign: return
            case .missing, .empty, .begun: try bringBack(quickly: quickly)
            }
        }
    }

    /// Moves a complete environment aside, or deletes what is left of an incomplete one.
    ///
    /// - Throws: `EightCutError` when something that is not ours is in the way.
    func clearPlace() throws {
        try requireOurs()
        switch Self.content(of: path) {
        case .missing: break
        case .complete: try adapting { try AtomicFile.rename(path, to: previous) }
        case .empty, .begun, .foreign: try discard(path)
        }
    }

    /// Takes what was made of a new environment away, and brings the old one back if one was
    /// set aside. Deleting comes last: gigabytes can take seconds.
    ///
    /// - Parameter quickly: whether to stop deleting after half a second; the next command that
    ///   repairs goes on.
    /// - Throws: `EightCutError`.
    func bringBack(quickly: Bool) throws {
        switch Self.content(of: path) {
        case .missing: break
        case .foreign: throw foreignError(path)
        case .empty, .begun, .complete:
            try removeDiscarded()
            try unmark(path)
            try adapting { try AtomicFile.rename(path, to: discarded) }
        }
        if Self.content(of: previous) != .missing {
            try adapting { try AtomicFile.rename(previous, to: path) }
        }
        try removeDiscarded(within: quickly ? .milliseconds(500) : nil)
    }

    /// Deletes what an earlier command had no time to delete.
    private func removeDiscarded(within limit: Duration? = nil) throws {
        switch Self.content(of: discarded) {
        case .missing, .foreign: return
        case .empty, .begun, .complete: break
        }
        do {
            let deadline = limit.map { ContinuousClock.now + $0 }
            try FolderTree.remove(discarded, last: Self.earlyMarker, until: deadline)
        } catch Errno.timedOut {
            return
        } catch let error as Errno {
            try adapting { throw error }
        }
    }

    /// Deletes a folder that is ours.
    ///
    /// From its first moment on it counts as incomplete, and to its last one as ours.
    ///
    /// - Throws: `EightCutError` when it is somebody else's, or cannot be deleted.
    func discard(_ folder: FilePath) throws {
        switch Self.content(of: folder) {
        case .missing: return
        case .foreign: throw foreignError(folder)
        case .empty, .begun, .complete: try unmark(folder)
        }
        try adapting { try FolderTree.remove(folder, last: Self.earlyMarker) }
    }

    /// Makes an environment one that is not complete.
    private func unmark(_ folder: FilePath) throws {
        guard Self.content(of: folder) == .complete else { return }
        try adapting {
            let marker = folder.appending(Self.marker)
            try AtomicFile.rename(marker, to: folder.appending(Self.earlyMarker))
        }
    }

    /// Makes sure that nothing is in the way that is not ours.
    ///
    /// - Throws: `EightCutError` of code `outputUnusable`.
    func requireOurs() throws {
        for folder in [path, previous] where Self.content(of: folder) == .foreign {
            throw foreignError(folder)
        }
    }

    private func foreignError(_ folder: FilePath) -> EightCutError {
        EightCutError(
            .outputUnusable,
            "cannot touch",
            on: folder.string,
            because: "8cut did not make it (it has no \(Self.marker))",
            remedy: "Move it away yourself, or set EIGHTCUT_HOME to another folder."
        )
    }
}

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
