import Diagnostics
import Files
import Glibc
import SystemPackage

/// The place of one clip: it is written beside it under another name until it is complete.
package final class ClipPlace: Sendable {
    /// The files of the finished clip.
    package let files: ClipFiles
    /// The files that are written.
    package let temporary: ClipFiles
    package let number: Int
    private let locks: [Int32]

    init(
        folder: FilePath,
        stem: String,
        number: Int,
        form: CutSettings.Form,
        audio: CutSettings.Audio
    ) throws {
        self.number = number
        files = Self.files(in: folder, stem: stem, form: form, audio: audio)
        let own = AtomicFile.clipPrefix + "\(getpid())-" + String(UInt32.random(in: 0...(.max)))
        let hidden = { (path: FilePath) in
            folder.appending(own + "-" + (path.lastComponent?.string ?? ""))
        }
        temporary = ClipFiles(main: hidden(files.main), audio: files.audio.map(hidden))
        do {
            var locks: [Int32] = []
            if form == .video {
                locks.append(try Self.create(temporary.main))
            } else {
                try Folder.create(temporary.main)
                locks.append(try Self.lock(temporary.main, O_RDONLY | O_DIRECTORY))
                if let audio = temporary.audio { locks.append(try Self.create(audio)) }
            }
            self.locks = locks
        } catch let error as Errno {
            throw fileError("cannot write", files.main, error)
        }
    }

    deinit {
        for lock in locks { close(lock) }
    }

    /// The files of a clip.
    package static func files(
        in folder: FilePath,
        stem: String,
        form: CutSettings.Form,
        audio: CutSettings.Audio
    ) -> ClipFiles {
        switch form {
        case .video:
            ClipFiles(
                main: folder.appending(stem + (audio == .pcm ? ".mkv" : ".mp4")),
                audio: nil
            )
        case .webp, .png:
            ClipFiles(
                main: folder.appending(stem),
                audio: audio == .none ? nil : folder.appending(stem + ".wav")
            )
        }
    }

    /// The name that an unfinished file will get; other names unchanged.
    static func finalName(of name: String) -> String {
        guard name.hasPrefix(exactly: AtomicFile.clipPrefix) else { return name }
        let parts = name.dropFirst(AtomicFile.clipPrefix.count)
            .split(exactly: "-", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 ? String(parts[2]) : name
    }

    /// Moves the finished clip to its place.
    ///
    /// - Parameter replaces: whether an existing file is replaced.
    /// - Throws: `EightCutError` when another file is there by now, or it cannot be moved.
    package func finish(replaces: Bool = false) throws {
        do {
            if let audio = files.audio, let temporary = temporary.audio {
                try Self.move(temporary, to: audio, replaces: replaces)
            }
            try Self.move(temporary.main, to: files.main, replaces: replaces)
        } catch {
            throw fileError("cannot write", files.main, error)
                .advising("Move away what is there, or choose another name for the clips.")
        }
    }

    /// Deletes what was written.
    package func abandon() {
        try? FolderTree.remove(temporary.main)
        if let audio = temporary.audio { try? FolderTree.remove(audio) }
    }

    private static func move(_ source: FilePath, to target: FilePath, replaces: Bool) throws(Errno)
    {
        var info = stat()
        guard lstat(source.string, &info) == 0 else {
            // A clip without audio has no audio file.
            if errno == ENOENT { return }
            throw Errno(rawValue: errno)
        }
        let isFolder = info.st_mode & S_IFMT == S_IFDIR
        if isFolder {
            if replaces { try? FolderTree.remove(target) }
            // The system lets a folder replace an empty one only.
            return try AtomicFile.rename(source, to: target)
        }
        guard !replaces else { return try AtomicFile.rename(source, to: target) }
        if link(source.string, target.string) == 0 {
            unlink(source.string)
            return
        }
        // Some file systems have no links.
        guard errno != EEXIST, access(target.string, F_OK) != 0 else { throw .fileExists }
        try AtomicFile.rename(source, to: target)
    }

    private static func create(_ path: FilePath) throws(Errno) -> Int32 {
        try lock(path, O_RDWR | O_CREAT | O_EXCL)
    }

    private static func lock(_ path: FilePath, _ flags: Int32) throws(Errno) -> Int32 {
        let descriptor = open(path.string, flags | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        _ = flock(descriptor, LOCK_EX | LOCK_NB)
        return descriptor
    }
}

/// The files of one clip.
package struct ClipFiles: Sendable, Equatable {
    /// The video, or the folder of the image sequence.
    package let main: FilePath
    /// The audio beside an image sequence; nil for a video.
    package let audio: FilePath?
}
