import Diagnostics
import Files
import SystemPackage
import Tracking

/// Masks of frames before the prompts. They are made first and backwards, and wait in files until
/// it is their turn.
struct BackwardMasks: Sendable {
    private let folder: FilePath
    private let count: Int

    /// - Parameters:
    ///   - workspace: where the files shall lie.
    ///   - maskSize: rows and columns of the masks.
    init(_ workspace: Workspace, maskSize: Int) {
        folder = workspace.path
        count = maskSize * maskSize
    }

    private func path(_ object: Int, _ frame: Int) -> FilePath {
        folder.appending(SamDrawing.folder(of: object)).appending("\(frame).logits")
    }

    /// Puts a mask aside: how sure it is, in 32 bits each, and its logits in 16.
    ///
    /// - Throws: `EightCutError` when it cannot be written.
    func write(_ mask: TrackedMask, of object: Int, frame: Int) throws {
        let path = path(object, frame)
        try Folder.create(path.removingLastComponent())
        let head = [mask.presence, mask.score]
        let logits = mask.logits.map { Float16($0) }
        try AtomicFile.write(to: path) { descriptor in
            _ = try head.withUnsafeBytes { try descriptor.writeAll($0) }
            _ = try logits.withUnsafeBytes { try descriptor.writeAll($0) }
        }
    }

    /// Takes a mask up again.
    ///
    /// - Throws: `EightCutError` when it is not there as it was written.
    func read(of object: Int, frame: Int) throws -> TrackedMask {
        let path = path(object, frame)
        let length = 8 + 2 * count
        guard let bytes = try? SmallFile.read(path, limit: length + 1), bytes.count == length else {
            throw EightCutError(
                .inputOutput,
                "cannot go on",
                on: path.string,
                because: "the file is not there as it was written",
                remedy: "Run the command again with --overwrite."
            )
        }
        return bytes.withUnsafeBytes { bytes in
            let head = { bytes.loadUnaligned(fromByteOffset: $0, as: Float.self) }
            let logits = (0..<count).map {
                Float(bytes.loadUnaligned(fromByteOffset: 8 + 2 * $0, as: Float16.self))
            }
            return TrackedMask(logits: logits, presence: head(0), score: head(4))
        }
    }
}
