import Diagnostics
import Files
import Glibc
import SystemPackage

/// A folder of links to images, named 00000000.jpg and so on, for images whose own names ffmpeg
/// cannot count: some numbers are missing, or the extension is that of another format.
///
/// The folder is in the program's home. Its name follows from the images, so that runs over the same
/// ones share it; it is never changed, and deleted when it was not used for a week.
struct ImageLinks: Sendable {
    /// The folder in which the images are.
    let source: FilePath
    /// Their names, in order.
    let names: [FilePath.Component]
    /// The extension of the links.
    let ending: String

    /// Seconds after which a folder that was not used is deleted.
    private static let lifetime = 7 * 24 * 3600

    private static var home: FilePath { EightCutHome.current.path.appending("images") }

    /// The folder, as it will be or is.
    var path: FilePath { Self.home.appending(key) }

    /// The digest of all paths.
    private var key: String {
        let hash = Digest()
        for text in [source.string, ending] + names.map(\.string) {
            var line = text + "\0"
            line.withUTF8 { hash.update(UnsafeRawBufferPointer($0)) }
        }
        return hash.finish()
    }

    /// Makes the folder, unless it is there.
    ///
    /// - Throws: `EightCutError` when it cannot be written.
    func make() throws {
        _ = try EightCutHome.current.open()
        let home = try OpenFolder.creating(Self.home, permissions: .privateFolder)
        guard let name = FilePath.Component(key) else { return }
        if try home.folder(name) != nil {
            Self.touch(path)
            return
        }
        Self.removeOld(in: home)
        guard let draft = FilePath.Component(".\(key)-\(getpid())") else { return }
        try? home.removeTree(draft)
        let folder = try home.createFolder(draft, permissions: .privateFolder)
        for (number, image) in names.enumerated() {
            let digits = String(number)
            let zeros = String(repeating: "0", count: max(0, 8 - digits.utf8.count))
            guard let link = FilePath.Component(zeros + digits + "." + ending) else { continue }
            try folder.createLink(link, to: source.appending(image))
        }
        do {
            try home.rename(draft, to: home, as: name, replaces: false)
        } catch {
            try? home.removeTree(draft)
            // Another run was quicker.
            guard try home.folder(name) == nil else { return }
            throw fileError("cannot create the folder", path, error)
        }
    }

    private static func touch(_ path: FilePath) {
        _ = path.withPlatformString { utimensat(AT_FDCWD, $0, nil, 0) }
    }

    /// Failing to tidy up is no reason to fail what the user asked for.
    private static func removeOld(in home: OpenFolder) {
        for name in (try? home.names()) ?? [] {
            var info = stat()
            guard stat(home.path.appending(name).string, &info) == 0,
                time(nil) - info.st_mtim.tv_sec > lifetime
            else { continue }
            try? home.removeTree(name)
        }
    }
}
