import ClipLibrary
import Diagnostics
import Files
import SystemPackage

/// The place of one clip: it is written beside it under another name until it is complete.
///
/// The files that ffmpeg writes are made here, and reached through their handles: nobody can put
/// something else in their place. They are locked, and deleted with this object unless they have got
/// their names by then.
package final class ClipPlace: Sendable {
    /// The files of the finished clip.
    package let files: ClipFiles
    /// The paths of the files until they are complete.
    package let temporary: ClipFiles
    /// The paths at which ffmpeg opens them.
    package let childFiles: ClipFiles
    package let number: Int
    /// The folder of the clip.
    package let folder: OpenFolder
    private let video: NewFile?
    private let images: NewFolder?
    private let audio: NewFile?

    init(
        _ names: ClipNames,
        _ form: CutSettings.Form,
        in folder: OpenFolder,
        number: Int
    ) throws {
        self.number = number
        self.folder = folder
        files = names.files(in: folder.path)
        let prefix = AtomicFile.clipPrefix
        let (name, child): (FilePath.Component, FilePath)
        if form == .video {
            let file = try folder.newFile(for: names.main, prefix: prefix)
            (video, images) = (file, nil)
            (name, child) = (file.temporaryName, file.childPath)
        } else {
            let new = try folder.newFolder(for: names.main, prefix: prefix)
            (video, images) = (nil, new)
            (name, child) = (new.temporaryName, new.folder.childPath)
        }
        audio = try names.audio.map { try folder.newFile(for: $0, prefix: prefix) }
        temporary = ClipFiles(
            main: folder.path.appending(name),
            audio: audio.map { folder.path.appending($0.temporaryName) }
        )
        childFiles = ClipFiles(main: child, audio: audio?.childPath)
    }

    /// The name that an unfinished file will get; other names unchanged.
    static func finalName(of name: String) -> String {
        let prefix = AtomicFile.clipPrefix.utf8
        guard name.utf8.starts(with: prefix) else { return name }
        let rest = Array(name.utf8.dropFirst(prefix.count))
        guard let dash = rest.firstIndex(of: UInt8(ascii: "-")) else { return name }
        return String(decoding: rest[(dash + 1)...], as: UTF8.self)
    }

    /// The draft of a clip whose files are complete: they get their names, whatever happens.
    ///
    /// - Throws: `EightCutError` when they cannot be read, or are not on the disk.
    func completed(_ draft: ClipDraft) throws -> ClipDraft {
        var draft = draft
        do {
            for file in [video, audio] { try file?.synchronize() }
            draft.fileNumber =
                try video?.status().identity.number
                ?? images?.folder.status().identity.number
        } catch let error as Errno {
            throw fileError("cannot write", files.main, error)
        }
        draft.file = try FileFingerprint(of: childFiles.main)
        return draft
    }
}

/// The names of a clip's files.
struct ClipNames {
    /// The video, or the folder of the image sequence.
    let main: FilePath.Component
    /// The audio beside an image sequence.
    let audio: FilePath.Component?

    /// - Throws: `EightCutError` when they are no names of files.
    init(stem: String, form: CutSettings.Form, audio: CutSettings.Audio) throws {
        let ending = form == .video ? (audio == .pcm ? ".mkv" : ".mp4") : ""
        guard let main = Self.component(stem + ending), let wav = Self.component(stem + ".wav")
        else {
            throw EightCutError(
                .usage,
                "cannot use the name",
                on: stem,
                because: "it is no name of a file"
            )
        }
        self.main = main
        self.audio = form == .video || audio == .none ? nil : wav
    }

    func files(in folder: FilePath) -> ClipFiles {
        ClipFiles(main: folder.appending(main), audio: audio.map { folder.appending($0) })
    }

    private static func component(_ name: String) -> FilePath.Component? {
        guard !name.utf8.contains(0), !name.utf8.contains(UInt8(ascii: "/")) else { return nil }
        return FilePath.Component(name)
    }
}
