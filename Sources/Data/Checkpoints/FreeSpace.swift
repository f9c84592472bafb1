import Diagnostics
import Files
import Progress
import SystemPackage

/// Looks at the disk before it is filled.
enum FreeSpace {
    /// Left for everybody else.
    private static let margin = 1 << 20

    /// Makes sure that so many bytes fit.
    ///
    /// - Parameters:
    ///   - path: where they are to go; it need not exist.
    ///   - bytes: how many.
    /// - Throws: `EightCutError` with code `inputOutput` when they do not.
    static func check(_ path: FilePath, for bytes: Int) throws {
        // Some disks do not tell; then the writing itself will.
        guard bytes > 0, let free = DiskRoom.free(at: path), free < bytes + margin else { return }
        throw EightCutError(
            .inputOutput,
            "cannot download to",
            on: path.string,
            because: "the disk has only \(ByteCount.text(max(0, free))) left, and "
                + "\(ByteCount.text(bytes)) are needed",
            remedy: "Make room, or choose another place for the cache with HF_HOME."
        )
    }
}
