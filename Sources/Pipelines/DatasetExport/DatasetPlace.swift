import Diagnostics
import Files
import SystemPackage

/// A path in a data set, by its names: the folders, and the file.
struct DatasetPlace {
    let folders: [FilePath.Component]
    let name: FilePath.Component

    /// - Throws: `EightCutError` when a name cannot be one of a file.
    init(_ path: String) throws {
        var names = path.split(exactly: "/").compactMap { FilePath.Component(String($0)) }
        guard let name = names.popLast(), (names + [name]).allSatisfy({ $0.kind == .regular })
        else {
            throw EightCutError.internalFault(because: "\(quoted(path)) is no path in a data set")
        }
        folders = names
        self.name = name
    }

    /// Opens the folder of the file, created as far as it is missing.
    func createFolder(in root: OpenFolder) throws -> OpenFolder {
        try folders.reduce(root) { try $0.createFolder($1) }
    }

    /// Opens the folder of the file; nil where it is missing.
    func folder(in root: OpenFolder) throws -> OpenFolder? {
        var folder = root
        for name in folders {
            guard let inner = try folder.folder(name) else { return nil }
            folder = inner
        }
        return folder
    }

    /// The size in bytes of the file, or the number of images in the folder.
    ///
    /// - Returns: nil where there is neither.
    func size(in root: OpenFolder) throws -> Int? {
        guard let folder = try folder(in: root), let status = try folder.status(of: name) else {
            return nil
        }
        switch status.kind {
        case .file: return status.bytes
        case .folder: return try folder.folder(name)?.names().count
        default: return nil
        }
    }

    /// Gives what is in another data set a second name in this one.
    ///
    /// - Returns: whether it was there.
    func add(from other: OpenFolder, to root: OpenFolder) throws -> Bool {
        guard let source = try folder(in: other), let status = try source.status(of: name) else {
            return false
        }
        let target = try createFolder(in: root)
        if status.kind == .file {
            try target.add(source.path.appending(name), as: name, copies: false)
            return true
        }
        guard let images = try source.folder(name) else { return false }
        let copy = try target.createFolder(name)
        for image in try images.names() {
            try copy.add(images.path.appending(image), as: image, copies: false)
        }
        return true
    }
}
