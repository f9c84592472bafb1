import Diagnostics
import Files
import SystemPackage

/// The files of one clip.
package struct ClipFiles: Sendable, Equatable {
    /// The video, or the folder of the image sequence.
    package let main: FilePath
    /// The audio beside an image sequence; nil for a video.
    package let audio: FilePath?

    package init(main: FilePath, audio: FilePath?) {
        self.main = main
        self.audio = audio
    }
}

/// The files of a clip that the library knows, reached from their folder by name.
package struct StoredClip: Sendable {
    package let clip: LibraryClip
    package let folder: OpenFolder
    /// The video, or the folder of the image sequence.
    package let main: FilePath.Component

    /// Opens the folder of a clip.
    ///
    /// - Returns: nil when the folder is missing.
    /// - Throws: `EightCutError` when the library has a path that a clip cannot have, or the folder
    ///   cannot be opened.
    package init?(_ clip: LibraryClip) throws {
        let place = try LibraryPath.clip(clip.path)
        guard let folder = try OpenFolder.ifPresent(place.folder) else { return nil }
        self.init(clip, in: folder, named: place.name)
    }

    init(_ clip: LibraryClip, in folder: OpenFolder, named main: FilePath.Component) {
        self.clip = clip
        self.folder = folder
        self.main = main
    }

    package var path: FilePath { folder.path.appending(main) }

    package var isVideo: Bool { ClipName.isVideo(main.string) }

    /// The audio beside an image sequence; nil for a clip that has none.
    package var audio: FilePath.Component? {
        isVideo || clip.sampleCount == nil ? nil : FilePath.Component(main.string + ".wav")
    }

    /// Whether a file in the folder of the image sequence is ours.
    package func isOurs(_ name: FilePath.Component) -> Bool {
        if name == FrameName.note { return true }
        guard let number = FrameName.number(of: name, ending: clip.imageEnding) else {
            return false
        }
        return (1...max(1, clip.frameCount)).contains(number)
    }

    /// The names in the folder of the image sequence, ours and those of others.
    ///
    /// - Returns: nil when the folder is missing.
    /// - Throws: `EightCutError` when it is no folder, or cannot be read.
    package func images() throws -> (ours: [FilePath.Component], others: [FilePath.Component])? {
        guard let inner = try folder.folder(main) else { return nil }
        var (ours, others): ([FilePath.Component], [FilePath.Component]) = ([], [])
        for name in try inner.names() {
            if isOurs(name), try inner.status(of: name)?.kind == .file {
                ours.append(name)
            } else {
                others.append(name)
            }
        }
        return (ours, others)
    }

    /// Makes sure that nothing of others is lost when the clip's files are replaced or removed.
    ///
    /// - Parameter what: what cannot be done otherwise.
    /// - Throws: `EightCutError` when something else is in the clip's place, the clip has changed,
    ///   or others have put files into its folder.
    package func requireOurs(toDo what: String) throws {
        guard let status = try folder.status(of: main) else { return }
        if isVideo {
            try status.requirePlainFile(path)
            let file = try FileFingerprint(of: path)
            guard
                clip.hash == nil || file.bytes == clip.bytes && file.headAndTailSHA256 == clip.hash
            else {
                throw EightCutError(
                    .outputUnusable,
                    what,
                    on: path.string,
                    because: "the file has changed since 8cut made it",
                    remedy: "Move it away to keep it, or accept it as the clip "
                        + "with 8cut library check --fix."
                )
            }
        } else if let images = try images() {
            guard images.ours.isEmpty || images.ours.contains(FrameName.note) else {
                throw EightCutError(
                    .outputUnusable,
                    what,
                    on: path.string,
                    because: "it has no \(FrameName.note), which 8cut writes into its clips",
                    remedy: "Move the folder away, if it is no clip."
                )
            }
        }
        if let audio {
            try folder.status(of: audio)?.requirePlainFile(folder.path.appending(audio))
        }
    }

    /// Makes sure that the folder of the image sequence has no files of others.
    ///
    /// - Throws: `EightCutError` that names them.
    package func requireNothingElse(toDo what: String) throws {
        guard !isVideo, let others = try images()?.others, !others.isEmpty else { return }
        throw EightCutError(
            .outputUnusable,
            what,
            on: path.string,
            because: "8cut did not make all that is in the folder: \(Self.list(others))",
            remedy: "Move that away, and run the same command again."
        )
    }

    /// Names for a sentence: the first three, and how many more.
    package static func list(_ names: [FilePath.Component]) -> String {
        let shown = names.prefix(3).map { quoted($0.string) }.joined(separator: ", ")
        return shown + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }
}
