import Diagnostics
import Files
import SystemPackage

/// What the tools need of a disk.
package enum DiskSpace {
    /// Refuses to begin what would fill the disk.
    ///
    /// - Throws: `EightCutError` of code `inputOutput`.
    static func require(_ bytes: Int, at path: FilePath) throws {
        guard let free = DiskRoom.free(at: path), free < bytes else { return }
        throw EightCutError(
            .inputOutput,
            "cannot install the tools into",
            on: path.string,
            because: "about \(text(bytes)) are needed, and \(text(free)) are free on this disk",
            remedy: "Make room, or set EIGHTCUT_HOME to a folder on another disk."
        )
    }

    /// A number of bytes for people: "214 MB", "6.0 GB".
    package static func text(_ bytes: Int) -> String {
        if bytes < 999_500_000 { return "\((bytes + 500_000) / 1_000_000) MB" }
        let tenths = (bytes + 50_000_000) / 100_000_000
        return "\(tenths / 10).\(tenths % 10) GB"
    }
}
