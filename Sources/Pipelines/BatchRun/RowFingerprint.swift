import BatchList
import Diagnostics
import Files
import SystemPackage

/// What the files of a row look like from outside: as long as that stays, masks that are done need
/// not be looked at again.
///
/// A file's time of change (ctime) can be set by no program. A folder's changes with every name that
/// comes or goes in it.
package struct RowFingerprint: Sendable, Equatable {
    /// The same only for the same video, the same folder of masks, and the same manifest.
    package let text: String

    /// Nil where something is missing.
    ///
    /// - Parameters:
    ///   - video: what the video looks like; nil where it is missing.
    ///   - masks: what the folder of masks looks like; nil where it is missing.
    init?(_ video: String?, _ masks: String?) {
        guard let video, let masks else { return nil }
        let digest = Digest()
        var text = video + "\n" + masks
        text.withUTF8 { digest.update(UnsafeRawBufferPointer($0)) }
        self.text = String(digest.finish().prefix(32))
    }

    /// - Returns: nil where a file is missing, or is no file of this machine.
    package init?(_ row: BatchRow) {
        self.init(Self.look(ofVideo: row.clip.path), Self.look(ofMasks: row.output.path))
    }

    /// What a video on this machine looks like; nil where it is missing.
    static func look(ofVideo path: FilePath?) -> String? {
        path.flatMap(FileStatus.init(following:)).map { "\($0.bytes) \($0.changed)" }
    }

    /// What a folder of masks on this machine looks like; nil where it is missing.
    static func look(ofMasks path: FilePath?) -> String? {
        guard let path, let folder = FileStatus(following: path),
            let files = try? OpenFolder(path), let names = try? files.names()
        else { return nil }
        var parts = ["\(folder.changed)"]
        // Images are many: a name that comes or goes changes the folder.
        for name in names where !name.string.hasPrefix(exactly: "frame_") {
            guard let status = try? files.status(of: name) else { return nil }
            parts.append("\(name.string) \(status.bytes) \(status.changed)")
        }
        return parts.joined(separator: "\n")
    }
}

/// Bytes of the files in a folder and in those below it; what cannot be read does not count.
func byteCount(of folder: OpenFolder) -> Int {
    let names = (try? folder.names()) ?? []
    return names.reduce(0) { sum, name in
        guard let status = try? folder.status(of: name) else { return sum }
        guard status.kind == .folder else { return sum + status.bytes }
        return sum + ((try? folder.folder(name)).map(byteCount) ?? 0)
    }
}

extension BatchRow {
    /// The video that masks are made of, whether it is there or cut first.
    package var clip: BatchPlace {
        switch video {
        case .clip(let place): place
        case .cut(let cut): cut.clip
        }
    }
}
