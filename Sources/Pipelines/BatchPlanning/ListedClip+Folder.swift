import ClipLibrary
import Diagnostics
import Files
import Media
import SystemPackage

extension ListedClip {
    /// The videos in a folder and in those below it, in the natural order of their paths.
    ///
    /// Hidden files and links to folders are left out.
    ///
    /// - Parameter folder: absolute.
    /// - Returns: the clips.
    /// - Throws: `EightCutError` when the folder is missing, or cannot be read; `CancellationError`.
    package static func ofFolder(_ folder: FilePath) throws -> [ListedClip] {
        guard FileStatus(following: folder) != nil else {
            throw EightCutError(
                .inputMissing,
                "cannot find videos in",
                on: folder.string,
                because: "there is no such folder"
            )
        }
        var found: [(order: NaturalOrder, path: FilePath, name: String)] = []
        var rest: [(path: FilePath, name: String)] = [(folder, "")]
        while let (path, prefix) = rest.popLast() {
            try Task.checkCancellation()
            for name in try OpenFolder(path).names() where !name.string.hasPrefix(exactly: ".") {
                let place = path.appending(name)
                let text = prefix + name.string
                if try Folder.kind(of: place) == .folder {
                    rest.append((place, text + "/"))
                } else if isVideo(name), FileStatus(following: place)?.kind == .file {
                    found.append((NaturalOrder(text), place, text))
                }
            }
        }
        return found.sorted { $0.order < $1.order }.map { file in
            let ending = file.path.extension.map { "." + $0 } ?? ""
            let name = file.name.removing(suffix: ending).map(String.init) ?? file.name
            return ListedClip(.file(file.path), name: name)
        }
    }

    /// Whether a file has the ending of a video.
    private static func isVideo(_ name: FilePath.Component) -> Bool {
        name.extension.map { VideoEnding.all.contains($0.lowercased()) } ?? false
    }

    /// The clips of a `dataset.json`, in its order.
    ///
    /// - Parameters:
    ///   - path: the file, or its folder; absolute.
    ///   - library: tells how many frames the clips have; nil where there is none.
    /// - Returns: the clips.
    /// - Throws: `EightCutError` when there is no such list, or it is damaged; `CancellationError`.
    package static func ofDataset(
        _ path: FilePath,
        in library: Library?
    ) async throws -> [ListedClip] {
        let isFolder = FileStatus(following: path)?.kind == .folder
        let folder = isFolder ? path : path.removingLastComponent()
        let file = DatasetFile(in: folder)
        let name = path.lastComponent?.string ?? ""
        guard isFolder || name.isExactly(DatasetFile.fileName),
            FileStatus(following: file.path) != nil
        else {
            throw EightCutError(
                .inputMissing,
                "cannot find clips in",
                on: path.string,
                because: isFolder
                    ? "there is no \(DatasetFile.fileName) in it"
                    : "there is no such file, or it is no \(DatasetFile.fileName)",
                remedy: "Name the \(DatasetFile.fileName) of a folder of clips, or the folder."
            )
        }
        let entries: [DatasetEntry]
        do {
            entries = try file.entries()
        } catch let error as EightCutError where error.code == .outputUnusable {
            throw EightCutError(
                .inputUnusable,
                error.texts.what,
                on: error.subject,
                because: error.texts.why,
                remedy: error.texts.remedy
            )
        }
        var frames: [String: Int] = [:]
        if let library { frames = try await knownFrames(in: library) }
        return entries.map { entry in
            let path = folder.pushing(FilePath(entry.path)).lexicallyNormalized()
            return ListedClip(
                .file(path),
                name: path.stem ?? "clip",
                label: entry.label,
                category: entry.category,
                frames: frames[path.string]
            )
        }
    }

    /// How many frames the clips of the library have, by their paths.
    private static func knownFrames(in library: Library) async throws -> [String: Int] {
        try await ofLibrary(ClipFilter(), limit: nil, offset: 0, in: library).clips
            .reduce(into: [:]) { frames, clip in
                guard case .file(let path) = clip.video else { return }
                frames[path.string] = clip.frames
            }
    }
}
