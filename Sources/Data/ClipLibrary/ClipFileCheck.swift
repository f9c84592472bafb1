import Diagnostics
import Files
import SystemPackage

/// Compares the records of clips with their files and masks. Files that were moved are looked for in
/// the folders of the library, and their records follow them.
struct ClipFileCheck {
    private let library: Library
    private let clips: [LibraryClip]
    private let folders: [FilePath]
    private let searches: [FilePath]
    private let fixes: Bool

    /// What was found.
    struct Result {
        var findings: [LibraryFinding] = []
        /// Files that belong to clips which are recorded elsewhere.
        var moved: Set<ExactText> = []
        /// Folders that clips were moved to.
        var newFolders: [FilePath] = []
    }

    private enum State {
        case same, missing
        case changed(FileFingerprint)

        var isSame: Bool {
            if case .same = self { true } else { false }
        }
    }

    init(
        _ library: Library,
        _ clips: [LibraryClip],
        _ folders: [FilePath],
        _ searches: [FilePath],
        fixes: Bool
    ) {
        self.library = library
        self.clips = clips
        self.folders = folders
        self.searches = searches
        self.fixes = fixes
    }

    /// - Throws: `EightCutError` when the library or a file cannot be read or written.
    func run() async throws -> Result {
        let states = try clips.map(state)
        let lost = lost(states)
        var lostMasks: [(clip: LibraryClip, masks: LibraryMasks)] = []
        for clip in clips {
            for masks in try await library.masks(of: clip.id)
            where try !LibraryCheck.exists(FilePath(masks.path)) {
                lostMasks.append((clip, masks))
            }
        }
        let wanted = Set(
            (lost.map { clips[$0] } + lostMasks.map(\.clip)).compactMap(
                MovedFiles.Content.init(of:)
            )
        )
        let owned = Set(
            clips.indices.filter { !lost.contains($0) }.map { ExactText(clips[$0].path) }
        )
        var files = MovedFiles()
        if !wanted.isEmpty {
            let known = try await library.folders()
            files = try MovedFiles(
                wanted,
                in: folders + known,
                below: searches,
                withMasks: !lostMasks.isEmpty,
                except: owned
            )
        }
        var places: [Int: FilePath] = [:]
        for index in lost { places[index] = files.takeFile(of: clips[index]) }
        return try await settle(states, places, lostMasks, files)
    }

    private func state(of clip: LibraryClip) throws -> State {
        guard try LibraryCheck.exists(FilePath(clip.path)) else { return .missing }
        let file = try FileFingerprint(of: FilePath(clip.path))
        let isSame = file.bytes == clip.bytes && file.headAndTailSHA256 == clip.hash
        return isSame || clip.pending != nil ? .same : .changed(file)
    }

    /// Clips whose own file is not in its place: it is missing, or that of another clip of the
    /// library has its name.
    private func lost(_ states: [State]) -> [Int] {
        let absent = Set(
            clips.indices.filter { !states[$0].isSame }
                .compactMap { MovedFiles.Content(of: clips[$0]) }
        )
        return clips.indices.filter { index in
            switch states[index] {
            case .same: false
            case .missing: true
            case .changed(let file): absent.contains(MovedFiles.Content(file))
            }
        }
    }

    private func settle(
        _ states: [State],
        _ places: [Int: FilePath],
        _ lostMasks: [(clip: LibraryClip, masks: LibraryMasks)],
        _ files: MovedFiles
    ) async throws -> Result {
        var result = Result()
        let taken = Set(places.values.map { ExactText($0.string) })
        var (moves, gone): ([LibraryMove], [Int64]) = ([], [])
        for (index, clip) in clips.enumerated() {
            if let place = places[index] {
                result.moved.insert(ExactText(place.string))
                // A clip needs the name of one; its record waits for that.
                let isUsable = ClipName.isOfClip(place.lastComponent?.string ?? "")
                if isUsable {
                    moves.append(LibraryMove(clip: clip, to: place))
                    result.newFolders.append(place.removingLastComponent())
                }
                result.findings.append(
                    LibraryFinding(
                        .moved,
                        clip.path,
                        clip: clip.id,
                        isFixed: fixes && isUsable,
                        newPath: place.string
                    )
                )
                continue
            }
            switch states[index] {
            case .same: break
            case .changed(let file) where !taken.contains(ExactText(clip.path)):
                if fixes {
                    try await library.setFingerprint(clip.id, file)
                    try await library.markMasksStale(clip.id)
                }
                result.findings.append(
                    LibraryFinding(.changed, clip.path, clip: clip.id, isFixed: fixes)
                )
            case .missing, .changed:
                gone.append(clip.id)
                result.findings.append(
                    LibraryFinding(.missing, clip.path, clip: clip.id, isFixed: fixes)
                )
            }
        }
        if fixes {
            let members = moves.map {
                DatasetFile(in: $0.from.folder).others(of: $0.from.name)
            }
            try await library.remove(gone)
            try await library.move(moves)
            for (move, members) in zip(moves, members) { try await list(move, members) }
        }
        result.findings += try await settleMasks(lostMasks, moves, gone, files)
        return result
    }

    /// Writes the entry of a clip that was moved, with what other programs have added to it.
    private func list(_ move: LibraryMove, _ members: [String]) async throws {
        guard let clip = try await library.clip(move.clip.id) else { return }
        DatasetFile.reportDamage(
            try await DatasetFile(in: move.to.removingLastComponent())
                .update([try await library.entry(of: clip)], keeping: members)
        )
    }

    private func settleMasks(
        _ lost: [(clip: LibraryClip, masks: LibraryMasks)],
        _ moves: [LibraryMove],
        _ gone: [Int64],
        _ files: MovedFiles
    ) async throws -> [LibraryFinding] {
        var findings: [LibraryFinding] = []
        var taken: Set<ExactText> = []
        for (clip, masks) in lost where !gone.contains(clip.id) {
            let place = files.masks(of: clip, masks.method, except: taken)
            guard let place, LibraryPath.place(place.string) != nil else {
                if fixes { try await library.removeMasks(of: clip.id, path: masks.path) }
                findings.append(
                    LibraryFinding(.missingMasks, masks.path, clip: clip.id, isFixed: fixes)
                )
                continue
            }
            taken.insert(ExactText(place.string))
            if fixes {
                try await library.moveMasks(of: clip.id, masks.path, to: place)
                for aside in try await library.publish([clip.id]) {
                    DatasetFile.reportDamage(aside)
                }
            }
            findings.append(
                LibraryFinding(
                    .moved,
                    masks.path,
                    clip: clip.id,
                    isFixed: fixes,
                    newPath: place.string
                )
            )
        }
        return findings
    }
}

/// A clip whose file is in another place.
struct LibraryMove: Sendable {
    let clip: LibraryClip
    let to: FilePath

    /// Where it is recorded.
    var from: (folder: FilePath, name: String) {
        let path = FilePath(clip.path)
        return (path.removingLastComponent(), path.lastComponent?.string ?? "")
    }
}
