import Diagnostics
import Files
import SystemPackage

/// Finds the files of clips, and masks of clips, that were moved or renamed: by their content.
struct MovedFiles {
    /// What a clip's file is known by.
    struct Content: Hashable {
        let bytes: Int
        let hash: String

        init(_ file: FileFingerprint) {
            (bytes, hash) = (file.bytes, file.headAndTailSHA256)
        }

        /// - Returns: nil for a clip that was never finished.
        init?(of clip: LibraryClip) {
            guard let bytes = clip.bytes, let hash = clip.hash else { return nil }
            (self.bytes, self.hash) = (bytes, hash)
        }
    }

    private static let manifest: FilePath.Component = "masks.json"
    /// No folder of clips lies so deep, and nothing goes round in a circle for ever.
    private static let mostLevels = 64

    private var clips: [Content: [FilePath]] = [:]
    private var masks: [Content: [(path: FilePath, method: String)]] = [:]

    /// Nothing is looked for.
    init() {}

    /// Looks for files.
    ///
    /// - Parameters:
    ///   - wanted: the contents of the clips whose files or masks are looked for.
    ///   - folders: folders to look into.
    ///   - searches: folders to look into, and into all below them.
    ///   - hasMasks: whether masks are looked for.
    ///   - owned: files that belong to other clips.
    /// - Throws: `CancellationError`.
    init(
        _ wanted: Set<Content>,
        in folders: [FilePath],
        below searches: [FilePath],
        withMasks hasMasks: Bool,
        except owned: Set<ExactText>
    ) throws {
        let sizes = Set(wanted.map(\.bytes))
        var seen: Set<ExactText> = []
        func look(_ folder: OpenFolder, _ levels: Int) throws {
            try Task.checkCancellation()
            let isNew = seen.insert(ExactText(folder.path.string)).inserted
            for name in (try? folder.names()) ?? [] where !name.string.hasPrefix(exactly: ".") {
                guard let status = try? folder.status(of: name) else { continue }
                let path = folder.path.appending(name)
                if status.kind == .file {
                    guard isNew, sizes.contains(status.bytes),
                        !owned.contains(ExactText(path.string))
                    else { continue }
                    note(path, wanted)
                } else if status.kind == .folder, let inner = try? folder.folder(name) {
                    if isNew { take(inner, wanted, hasMasks, owned) }
                    if levels > 0 { try look(inner, levels - 1) }
                }
            }
        }
        for folder in folders {
            if let open = try? OpenFolder.ifPresent(folder) { try look(open, 0) }
        }
        seen = []
        for folder in searches {
            guard let open = try? OpenFolder.ifPresent(folder) else { continue }
            take(open, wanted, hasMasks, owned)
            try look(open, Self.mostLevels)
        }
    }

    /// Takes the file of a clip away from those that were found.
    ///
    /// - Returns: its path, one with the same name if there is one; nil when none was found.
    mutating func takeFile(of clip: LibraryClip) -> FilePath? {
        guard let content = Content(of: clip), let paths = clips[content] else { return nil }
        let name = FilePath(clip.path).lastComponent
        let best =
            paths.first { $0.lastComponent == name }
            ?? paths.first { ClipName.isOfClip($0.lastComponent?.string ?? "") } ?? paths.first
        clips[content] = paths.filter { $0 != best }
        return best
    }

    /// A folder with masks of a clip that a method made, which is not taken.
    func masks(of clip: LibraryClip, _ method: String, except taken: Set<ExactText>) -> FilePath? {
        Content(of: clip).flatMap { masks[$0] }?.first {
            $0.method == method && !taken.contains(ExactText($0.path.string))
        }?.path
    }

    private mutating func note(_ path: FilePath, _ wanted: Set<Content>) {
        guard let file = try? FileFingerprint(of: path) else { return }
        let content = Content(file)
        guard wanted.contains(content), clips[content]?.contains(path) != true else { return }
        clips[content, default: []].append(path)
    }

    /// A folder that may be an image sequence, or have masks.
    private mutating func take(
        _ folder: OpenFolder,
        _ wanted: Set<Content>,
        _ hasMasks: Bool,
        _ owned: Set<ExactText>
    ) {
        if (try? folder.status(of: FrameName.note))?.kind == .file,
            !owned.contains(ExactText(folder.path.string))
        {
            note(folder.path, wanted)
        }
        guard hasMasks, (try? folder.status(of: Self.manifest))?.kind == .file,
            let bytes = try? folder.read(Self.manifest, limit: 256 << 20),
            let json = try? LocatedJSON(parsing: bytes, .lenient),
            let file = json["input"]?["file"], let size = file["bytes"]?.integer,
            let hash = file["headAndTailSHA256"]?.string,
            let method = json["method"]?["name"]?.string
        else { return }
        let content = Content(
            FileFingerprint(bytes: size, modified: 0, headAndTailSHA256: hash)
        )
        guard wanted.contains(content) else { return }
        masks[content, default: []].append((folder.path, method))
    }
}
