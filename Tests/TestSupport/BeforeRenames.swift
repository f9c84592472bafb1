import Files
import SystemPackage

/// Files written by the last version before keys were renamed (manifest schema 1);
/// Tests/Fixtures/before-renames/README.md lists them.
package enum BeforeRenames {
    /// The folder with all of it.
    package static let folder = FilePath(#filePath).removingLastComponent()
        .removingLastComponent().appending("Fixtures").appending("before-renames")

    /// The video that all folders of masks are of.
    package static let clip = folder.pushing("clips/ball_001.mp4")

    /// Copies one of the folders.
    package static func copy(_ name: String, to target: FilePath) throws {
        for (file, bytes) in try MaskSet.content(of: folder.pushing(FilePath(name))) {
            let path = target.pushing(FilePath(file))
            try Folder.create(path.removingLastComponent())
            try bytes.withUnsafeBytes { try AtomicFile.write($0, to: path) }
        }
    }
}
