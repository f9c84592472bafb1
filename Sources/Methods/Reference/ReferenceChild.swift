import Diagnostics
import MLTools
import Processes
import SystemPackage

/// The script at work.
struct ReferenceChild {
    /// Where it writes masks.
    let masks: FilePath
    private let folder: ReferenceFolder
    private let task: Task<SupervisedChild.End, any Error>
    private var counts: AsyncStream<Int>.Iterator
    /// Frames that have their mask, with those that were skipped.
    private var count = 0

    /// Starts it.
    init(words: [String], masks: FilePath, folder: ReferenceFolder, program: FilePath) {
        self.masks = masks
        self.folder = folder
        let child = SupervisedChild(program: program, folder: folder.path, temporary: folder.path)
        let (stream, continuation) = AsyncStream.makeStream(of: Int.self)
        counts = stream.makeAsyncIterator()
        task = Task {
            defer { continuation.finish() }
            return try await child.run(words) { line in
                if let match = line.wholeMatch(of: /frame (\d+)\/\d+/), let count = Int(match.1) {
                    continuation.yield(count)
                }
            }
        }
    }

    /// Waits until the mask of a frame is written.
    ///
    /// - Throws: `EightCutError` when the script ends before; `CancellationError`.
    mutating func wait(for frame: Int) async throws {
        while count <= frame {
            guard let next = await counts.next() else {
                try Task.checkCancellation()
                throw error(of: try await task.value, at: frame)
            }
            count = next
        }
    }

    /// Ends it, and deletes its folder.
    func end() async {
        task.cancel()
        _ = await task.result
        folder.remove()
    }

    private func error(of end: SupervisedChild.End, at frame: Int) -> EightCutError {
        let last = end.lines.suffix(3).joined(separator: " | ")
        let why =
            switch end.status {
            case 0: "it ended after \(count) frames, since OpenCV decodes fewer than ffmpeg"
            case 129...: "signal \(end.status - 128) ended it (\(last))"
            default: last.isEmpty ? "it failed with status \(end.status)" : last
            }
        return EightCutError(
            .toolFailed,
            "cannot make the mask of frame \(frame) with the reference script",
            because: why
        )
    }
}
