import Diagnostics
import Files
import SystemPackage

/// The prompts file that a command writes. It never replaces the video, and a file that is there
/// only if the user allows it: somebody may have changed it by hand.
package struct PromptOutput: Sendable {
    package let path: FilePath
    private let name: FilePath.Component
    private let inputs: [FilePath]
    private let overwrites: Bool

    /// - Parameters:
    ///   - path: the file.
    ///   - inputs: files that are read.
    ///   - overwrites: whether a file that is there may be replaced.
    /// - Throws: `EightCutError` when it is no name of a file.
    package init(_ path: FilePath, inputs: [FilePath], overwrites: Bool) throws {
        self.path = path.absolute
        guard let name = self.path.lastComponent, name.kind == .regular else {
            throw fileError("cannot write", path, .isDirectory)
        }
        self.name = name
        self.inputs = inputs
        self.overwrites = overwrites
    }

    /// Makes sure, before any work is done, that the file may be written.
    ///
    /// - Throws: `EightCutError` (`outputUnusable`).
    package func check() throws {
        guard let folder = try OpenFolder.ifPresent(path.removingLastComponent()) else { return }
        _ = try mayReplace(in: folder)
        try folder.requireWritable(for: name)
    }

    /// Writes the file: it appears whole or not at all.
    ///
    /// - Throws: `EightCutError`; an old file is then unchanged.
    package func write(_ prompts: PromptList) throws {
        let folder = try OpenFolder.creating(path.removingLastComponent())
        _ = try mayReplace(in: folder)
        let file = try folder.newFile(for: name)
        do {
            _ = try file.descriptor.writeAll((prompts.json + "\n").utf8)
        } catch let error as Errno {
            throw fileError("cannot write", path, error)
        }
        try file.publish(replaces: mayReplace(in: folder))
    }

    /// - Returns: whether there is a file that may be replaced; false when nothing has the name.
    private func mayReplace(in folder: OpenFolder) throws -> Bool {
        for input in inputs where FileStatus.isSame(path, input) {
            throw unusable("it is the video itself", "Choose another name.")
        }
        guard let status = try folder.status(of: name) else { return false }
        try status.requirePlainFile(path)
        if overwrites { return true }
        throw unusable(
            "there is a file already",
            "Choose another name, or allow it to be replaced."
        )
    }

    private func unusable(_ why: MessageText, _ remedy: MessageText) -> EightCutError {
        EightCutError(
            .outputUnusable,
            "cannot write the prompts",
            on: path.string,
            because: why,
            remedy: remedy
        )
    }
}
