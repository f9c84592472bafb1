import Files
import SystemPackage

/// What 8cut puts into one of its folders. Only that is deleted, by name and plain files only;
/// everything else belongs to somebody and stays.
struct FolderRule: Sendable {
    /// Whether a file is ours by its name.
    let isFile: @Sendable (FilePath.Component) -> Bool
    /// What is ours in a folder of this name; nil when the folder itself is not ours.
    let folder: @Sendable (FilePath.Component) -> FolderRule?

    init(
        isFile: @escaping @Sendable (FilePath.Component) -> Bool,
        folder: @escaping @Sendable (FilePath.Component) -> FolderRule? = { _ in nil }
    ) {
        self.isFile = isFile
        self.folder = folder
    }

    /// Files that are being written, and others.
    private static func files(
        _ isFile: @escaping @Sendable (FilePath.Component) -> Bool
    ) -> FolderRule {
        FolderRule(isFile: { AtomicFile.isTemporary($0) || isFile($0) })
    }

    /// An auxiliary folder: one image for each frame.
    static let auxiliary = files { MaskName.isOfFrame($0.string) }

    /// The folder in which a method keeps what it needs to resume.
    static let workspace = FolderRule(
        isFile: {
            AtomicFile.isTemporary($0) || $0 == WorkspaceFile.stateName
                || $0 == WorkspaceFile.foundName
        },
        folder: { WorkspaceFile.isFolder($0) ? files(WorkspaceFile.isMask) : nil }
    )

    /// The folder in which new masks are built while the old ones are in place.
    static let staging = FolderRule(
        isFile: {
            AtomicFile.isTemporary($0) || MaskName.isOfFrame($0.string)
                || $0 == MaskFolder.manifestName || $0 == FrameJournal.name
        },
        folder: { name in
            if name == Workspace.name { return workspace }
            return AuxiliaryFolder.isName(name.string) ? auxiliary : nil
        }
    )

    /// The first thing in a folder that is not ours.
    ///
    /// - Throws: `EightCutError` when the folder cannot be read.
    func firstForeign(in folder: OpenFolder) throws -> FilePath? {
        for name in try folder.names() {
            switch try folder.status(of: name)?.kind {
            case nil: continue
            case .file where isFile(name): continue
            case .folder:
                guard let rule = self.folder(name), let inner = try folder.folder(name) else {
                    return folder.path.appending(name)
                }
                if let foreign = try rule.firstForeign(in: inner) { return foreign }
            default: return folder.path.appending(name)
            }
        }
        return nil
    }

    /// Deletes what is ours in a folder.
    ///
    /// - Returns: what was left, because it is not ours.
    /// - Throws: `EightCutError` when something of ours cannot be deleted.
    @discardableResult
    func remove(in folder: OpenFolder) throws -> [FilePath] {
        var foreign: [FilePath] = []
        for name in try folder.names() {
            switch try folder.status(of: name)?.kind {
            case nil: continue
            case .file where isFile(name): try folder.removeFile(name)
            case .folder where self.folder(name) != nil:
                foreign += try remove(folder: name, of: folder)
            default: foreign.append(folder.path.appending(name))
            }
        }
        return foreign
    }

    private func remove(folder name: FilePath.Component, of parent: OpenFolder) throws
        -> [FilePath]
    {
        guard let rule = folder(name), let inner = try parent.folder(name) else { return [] }
        let foreign = try rule.remove(in: inner)
        if foreign.isEmpty { try parent.removeFolderIfEmpty(name) }
        return foreign
    }
}

extension OpenFolder {
    /// Deletes a folder of ours in this one, with what is ours in it.
    ///
    /// - Returns: what was left, because it is not ours.
    /// - Throws: `EightCutError` when it is a link or no folder, or cannot be deleted.
    @discardableResult
    func removeFolder(_ name: FilePath.Component, _ rule: FolderRule) throws -> [FilePath] {
        guard let inner = try folder(name) else { return [] }
        let foreign = try rule.remove(in: inner)
        if foreign.isEmpty { try removeFolderIfEmpty(name) }
        return foreign
    }
}
