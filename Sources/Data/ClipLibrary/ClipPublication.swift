import Diagnostics
import Files
import SystemPackage

/// Gives the files of a complete clip their names.
///
/// Each step can be repeated, so that what a kill has interrupted can be finished by calling `run`
/// again. The caller holds the lock of the folder.
struct ClipPublication {
    let draft: ClipDraft
    /// The clip as the library has it: with the values of the old files where they are replaced.
    let known: LibraryClip
    let folder: OpenFolder
    let main: FilePath.Component
    /// The temporary names.
    let (temporary, temporaryAudio): (FilePath.Component, FilePath.Component?)

    /// - Throws: `EightCutError` when the draft names files that are not ours.
    init(_ draft: ClipDraft, of clip: LibraryClip, in folder: OpenFolder) throws {
        let place = try LibraryPath.clip(clip.path)
        guard draft.path == clip.path,
            let temporary = LibraryPath.temporary(draft.pending, beside: place.folder)
        else { throw Self.unusable(clip) }
        if let audio = draft.pendingAudio {
            guard let name = LibraryPath.temporary(audio, beside: place.folder) else {
                throw Self.unusable(clip)
            }
            temporaryAudio = name
        } else {
            temporaryAudio = nil
        }
        self.temporary = temporary
        self.draft = draft
        self.known = clip
        self.folder = folder
        main = place.name
    }

    private static func unusable(_ clip: LibraryClip) -> EightCutError {
        EightCutError(
            .outputUnusable,
            "cannot finish the clip",
            on: clip.path,
            because: "the library names files for it that 8cut does not make: it is damaged",
            remedy: "8cut library check --fix drops what is damaged."
        )
    }

    /// Whether a running export works on the clip.
    var isBusy: Bool {
        folder.isLocked(temporary) || folder.isLocked(main)
            || temporaryAudio.map(folder.isLocked) ?? false
    }

    /// Whether the files in the clip's place are those of the draft.
    var isInPlace: Bool {
        get throws {
            guard let file = draft.file, let status = try folder.status(of: main) else {
                return false
            }
            if status.identity.number == draft.fileNumber { return true }
            guard try folder.status(of: temporary) == nil,
                status.kind == (isVideo ? .file : .folder)
            else { return false }
            return try FileFingerprint(of: folder.path.appending(main)).hasSameContent(as: file)
        }
    }

    /// Whether the complete files of the draft still have their temporary name.
    var isWaiting: Bool {
        get throws {
            guard let file = draft.file, let status = try folder.status(of: temporary),
                status.kind == (isVideo ? .file : .folder)
            else { return false }
            if status.identity.number == draft.fileNumber { return true }
            return try FileFingerprint(of: folder.path.appending(temporary)).hasSameContent(
                as: file
            )
        }
    }

    private var isVideo: Bool { ClipName.isVideo(main.string) }
    private var isReplacement: Bool { known.hash != nil }
    private var old: StoredClip { StoredClip(known, in: folder, named: main) }

    /// Moves the files.
    ///
    /// - Throws: `EightCutError` when something else has the clip's place, or they cannot be moved.
    func run() throws {
        do {
            try moveMain()
            try moveAudio()
        } catch let error as Errno {
            throw fileError("cannot write", folder.path.appending(main), error)
                .advising("Move away what is there, or choose another name for the clips.")
        }
    }

    private func moveMain() throws {
        if try !isInPlace {
            if try folder.status(of: main) == nil {
                try folder.rename(temporary, to: folder, as: main, replaces: false)
            } else {
                guard isReplacement else { throw Errno.fileExists }
                try old.requireOurs(toDo: "cannot replace")
                try old.requireNothingElse(toDo: "cannot replace")
                if isVideo {
                    try folder.rename(temporary, to: folder, as: main, replaces: true)
                } else {
                    try exchange()
                }
            }
        }
        // Now the temporary name is free, or leads to the old files.
        try removeTemporary()
    }

    /// The new folder takes the place of the old one, which gets the temporary name.
    private func exchange() throws {
        do {
            try folder.exchange(temporary, with: main)
        } catch Errno.invalidArgument, Errno.noFunction, Errno.notSupported {
            // Not every file system can do it in one step. In between the new folder is complete
            // under its temporary name, which the library knows.
            let aside = AtomicFile.temporaryName(for: main, prefix: AtomicFile.clipPrefix)
            try folder.rename(main, to: folder, as: aside, replaces: false)
            try folder.rename(temporary, to: folder, as: main, replaces: false)
            try folder.rename(aside, to: folder, as: temporary, replaces: false)
        }
    }

    private func moveAudio() throws {
        let name = FilePath.Component(main.string + ".wav")
        guard !isVideo, let name else { return }
        guard let temporaryAudio else {
            // The clip is without audio now.
            if isReplacement, old.audio != nil, try folder.status(of: name)?.kind == .file {
                try folder.removeFile(name)
            }
            return
        }
        guard let status = try folder.status(of: temporaryAudio) else { return }
        let there = try folder.status(of: name)
        if there?.identity == status.identity {
            try folder.removeFile(temporaryAudio)
            return
        }
        try there?.requirePlainFile(folder.path.appending(name))
        let replaces = isReplacement && old.audio != nil
        try folder.rename(temporaryAudio, to: folder, as: name, replaces: replaces)
    }

    /// Deletes what has the temporary names: what was written for a clip that is given up, or the
    /// old files of one that was replaced. Files of others stay.
    func removeAll() throws {
        try removeTemporary()
        if let temporaryAudio, try folder.status(of: temporaryAudio)?.kind == .file {
            try folder.removeFile(temporaryAudio)
        }
    }

    private func removeTemporary() throws {
        switch try folder.status(of: temporary)?.kind {
        case .file: try folder.removeFile(temporary)
        case .folder:
            try folder.removeFolder(temporary) {
                FrameName.isOurs($0) || AtomicFile.isTemporary($0)
            }
        default: break
        }
    }
}

extension LibraryClip {
    /// Whether a running export works on the clip.
    package var isBeingCut: Bool {
        guard let draft, let place = LibraryPath.place(info.path),
            let folder = try? OpenFolder.ifPresent(place.folder),
            let publication = try? ClipPublication(draft, of: self, in: folder)
        else { return false }
        return publication.isBusy
    }
}
