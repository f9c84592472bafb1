import Diagnostics
import Files
import MaskStore
import SystemPackage

/// The hidden folder beside a data set in which it is built. It is locked, and it stays when the
/// run ends early: the same command goes on with what is finished.
struct DatasetStaging {
    let folder: OpenFolder
    /// The data set that is replaced; nil where there is none yet.
    let old: (folder: OpenFolder, record: ExportRecord)?
    private let parent: OpenFolder
    private let name: FilePath.Component
    private let stagingName: FilePath.Component
    private let lock: FolderLock

    /// - Parameter path: where the data set goes: nothing, an empty folder, or a data set that 8cut
    ///   wrote.
    /// - Throws: `EightCutError` when something else is there, another run works on it, or the
    ///   folder cannot be written.
    init(for path: FilePath) throws {
        guard let name = path.lastComponent,
            let stagingName = FilePath.Component(".8cut-dataset-" + name.string)
        else {
            throw EightCutError(
                .usage,
                "cannot write a data set to",
                on: path.string,
                because: "it is no folder that can be made",
                remedy: "Choose another folder."
            )
        }
        (self.name, self.stagingName) = (name, stagingName)
        parent = try OpenFolder.creating(path.removingLastComponent())
        old = try Self.existing(name, in: parent)
        folder = try parent.createFolder(stagingName)
        lock = try FolderLock(folder)
        // Another run may have finished it before it was locked.
        guard try parent.status(of: stagingName)?.identity == folder.status().identity else {
            throw EightCutError(
                .outputBusy,
                "cannot write to",
                on: path.string,
                because: "another run has just finished it",
                remedy: "Run the same command again."
            )
        }
    }

    private static func existing(
        _ name: FilePath.Component,
        in parent: OpenFolder
    ) throws -> (folder: OpenFolder, record: ExportRecord)? {
        guard let folder = try parent.folder(name) else { return nil }
        if let record = try ExportRecord(in: folder) { return (folder, record) }
        guard try folder.names().isEmpty else {
            throw EightCutError(
                .outputUnusable,
                "cannot write a data set to",
                on: folder.path.string,
                because: "it holds something else: no data set that 8cut has written",
                remedy: "Choose an empty folder, or one that is not there yet."
            )
        }
        return nil
    }

    /// Deletes what is not to be kept: of an earlier plan, or cut off by a kill.
    ///
    /// - Parameter kept: paths in the data set.
    /// - Throws: `EightCutError` or `Errno`.
    func tidy(keeping kept: Set<String>) throws {
        var folders: Set<String> = []
        for path in kept {
            var rest = path[...]
            while let (folder, _) = rest.divided(atLast: "/") {
                folders.insert(String(folder))
                rest = folder
            }
        }
        try tidy(folder, "", kept, folders)
    }

    private func tidy(
        _ folder: OpenFolder,
        _ prefix: String,
        _ kept: Set<String>,
        _ folders: Set<String>
    ) throws {
        for name in try folder.names() {
            let path = prefix + name.string
            if kept.contains(path) { continue }
            if prefix.isEmpty, name == ExportRecord.folder { continue }
            if folders.contains(path), let inner = try folder.folder(name) {
                try tidy(inner, path + "/", kept, folders)
            } else {
                try folder.removeTree(name)
            }
        }
    }

    /// Gives the data set its place, in one step. What others have put into the one before, such
    /// as features that were extracted, stays in the new one.
    ///
    /// - Throws: `EightCutError` when the place is taken, or cannot be written.
    func publish() throws {
        do {
            guard let old else {
                try parent.rename(stagingName, to: parent, as: name, replaces: true)
                return
            }
            try keepForeign(of: old.folder, old.record, "", in: folder)
            try exchange()
            try parent.removeTree(stagingName)
        } catch let error as Errno {
            throw fileError("cannot write", parent.path.appending(name), error)
        }
    }

    private func exchange() throws(Errno) {
        do {
            try parent.exchange(stagingName, with: name)
        } catch .invalidArgument, .noFunction {
            // Not every file system can do that in one step.
            guard let aside = FilePath.Component(stagingName.string + "-old") else {
                throw .fileNameTooLong
            }
            try parent.rename(name, to: parent, as: aside, replaces: true)
            try parent.rename(stagingName, to: parent, as: name, replaces: true)
            try parent.rename(aside, to: parent, as: stagingName, replaces: true)
        }
    }

    private func keepForeign(
        of old: OpenFolder,
        _ record: ExportRecord,
        _ prefix: String,
        in new: OpenFolder
    ) throws {
        for name in try old.names() {
            let path = prefix + name.string
            if prefix.isEmpty, name == ExportRecord.folder { continue }
            let kind = try old.status(of: name)?.kind
            if kind == .folder, let inner = try old.folder(name) {
                let isRecorded = record.files[path] != nil
                let names =
                    isRecorded ? try inner.names().filter { !Self.isImage($0, of: name) } : nil
                if names?.isEmpty == true { continue }
                let target = try new.createFolder(name)
                if let names {
                    try names.forEach { try keepFile($0, of: inner, in: target) }
                } else {
                    try keepForeign(of: inner, record, path + "/", in: target)
                    try new.removeFolderIfEmpty(name)
                }
            } else if record.files[path] == nil {
                try keepFile(name, of: old, in: new)
            }
        }
    }

    private func keepFile(
        _ name: FilePath.Component,
        of old: OpenFolder,
        in new: OpenFolder
    ) throws {
        guard try old.status(of: name)?.kind == .file, try new.status(of: name) == nil else {
            throw EightCutError(
                .outputUnusable,
                "cannot write the data set again",
                on: old.path.appending(name).string,
                because: "8cut did not make it, and it cannot be kept in the new one",
                remedy: "Move it away, and run the same command again."
            )
        }
        try new.add(old.path.appending(name), as: name, copies: false)
    }

    /// Whether a file is one of ours in a folder of images: a mask, their manifest, or a frame.
    private static func isImage(
        _ name: FilePath.Component,
        of folder: FilePath.Component
    ) -> Bool {
        if name.string.isExactly(MaskManifest.fileName) { return true }
        let name = name.string
        let stem = name.removing(suffix: ".jpg") ?? name.removing(suffix: ".png") ?? ""
        let number = stem.removing(prefix: folder.string + "_") ?? ""
        return MaskName.isOfFrame(stem + ".png")
            || (!number.isEmpty && number.utf8.allSatisfy { (0x30...0x39).contains($0) })
    }

    /// Deletes what was built.
    func discard() throws {
        do {
            try parent.removeTree(stagingName)
        } catch let error as Errno {
            throw fileError("cannot delete", folder.path, error)
        }
    }
}
