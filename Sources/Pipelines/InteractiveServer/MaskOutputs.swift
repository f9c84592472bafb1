import Diagnostics
import Files
import Synchronization
import SystemPackage

/// The files that this server has written. It replaces those as often as it is asked to, and no
/// others unless a request says so; never the video.
final class MaskOutputs: Sendable {
    private let input: FilePath
    private let written = Mutex<[FilePath: FileStatus.Identity]>([:])

    init(input: FilePath) {
        self.input = input
    }

    /// Makes sure that a mask may be written to a path.
    ///
    /// - Throws: `EightCutError` if the video or a file of somebody else would be replaced.
    func check(_ path: FilePath, replaces: Bool) throws {
        guard let there = FileStatus(following: path) else { return }
        guard !FileStatus.isSame(path, input) else {
            throw EightCutError(
                .usage,
                "cannot write the mask",
                on: path.string,
                because: "it is the video",
                remedy: "Choose another name."
            )
        }
        guard replaces || written.withLock({ $0[path] == there.identity }) else {
            throw EightCutError(
                .outputUnusable,
                "cannot write the mask",
                on: path.string,
                because: "there is a file that this server has not written",
                remedy: "Choose another name, or replace it with \"overwrite\": true."
            )
        }
    }

    /// Checks a path, has a mask written there, and remembers it.
    func write(_ path: FilePath, replaces: Bool, _ body: () throws -> Void) throws {
        try check(path, replaces: replaces)
        try body()
        let identity = FileStatus(following: path)?.identity
        written.withLock { $0[path] = identity }
    }
}
