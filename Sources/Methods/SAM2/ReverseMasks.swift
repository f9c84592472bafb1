import Diagnostics
import Files
import MaskStore
import SystemPackage
import Tracking

/// Masks of frames before the prompts. They are made first and backwards, and wait in files until
/// it is their turn.
struct ReverseMasks: Sendable {
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

    /// Puts a mask aside: how sure it is, and its logits. Nothing is rounded, so that the way makes
    /// no difference.
    ///
    /// - Returns: the file, which need not be on the disk yet.
    /// - Throws: `EightCutError` when it cannot be written.
    func write(_ mask: TrackedMask, of object: Int, frame: Int) throws -> FilePath {
        let path = path(object, frame)
        try Folder.create(path.removingLastComponent())
        let numbers = [mask.presence, mask.score] + mask.logits
        try CheckedFile.write(numbers.withUnsafeBytes { Array($0) }, to: path)
        return path
    }

    /// Whether masks that an earlier run has put aside are all as it has left them.
    ///
    /// - Throws: `CancellationError`.
    func areWhole(of object: Int, frames: Range<Int>) throws -> Bool {
        for frame in frames {
            try Task.checkCancellation()
            guard content(of: object, frame: frame) != nil else { return false }
        }
        return true
    }

    /// Takes a mask up again.
    ///
    /// - Throws: `EightCutError` when it is not there as it was written.
    func read(of object: Int, frame: Int) throws -> TrackedMask {
        guard let bytes = content(of: object, frame: frame) else {
            throw EightCutError(
                .inputOutput,
                "cannot go on",
                on: path(object, frame).string,
                because: "the file is not there as it was written",
                remedy: "Run the same command again: it makes anew what is damaged."
            )
        }
        return bytes.withUnsafeBytes { bytes in
            let numbers = (0..<count + 2).map {
                bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)
            }
            return TrackedMask(
                logits: Array(numbers.dropFirst(2)),
                presence: numbers[0],
                score: numbers[1]
            )
        }
    }

    private func content(of object: Int, frame: Int) -> [UInt8]? {
        guard let bytes = CheckedFile.read(path(object, frame)), bytes.count == 4 * (count + 2)
        else {
            return nil
        }
        return bytes
    }
}
