/// Parts of an object in memory, read in blocks as they are needed. Whoever reads on and on gets larger
/// pieces at a time; what was read last is kept, since ffprobe and ffmpeg read the same headers again
/// and again.
actor ObjectBlocks {
    /// Bytes of a block.
    static let blockSize = 1 << 20
    /// Blocks that are kept.
    private static let capacity = 64
    /// The most blocks of a request.
    private static let longestRun = 4

    private struct Run {
        let first: Int
        let count: Int
        let content: Task<[UInt8], any Error>
    }

    private let object: StoredObject
    private let store: ObjectStore
    /// The requests whose blocks are kept, the one that was used last at the end.
    private var runs: [Run] = []
    /// Bytes that were asked of the store.
    private(set) var bytesRead = 0

    init(_ object: StoredObject, in store: ObjectStore) {
        (self.object, self.store) = (object, store)
    }

    /// Bytes of the object.
    ///
    /// - Parameters:
    ///   - place: the first that is wanted; within the object.
    ///   - blocksInRow: how many blocks the same reader has read before it without a gap.
    /// - Returns: the bytes from there to the end of the block.
    /// - Throws: `EightCutError` of the store, `CancellationError`.
    func bytes(from place: Int, blocksInRow: Int) async throws -> [UInt8] {
        let block = place / Self.blockSize
        let run = run(with: block, longest: min(1 << min(blocksInRow, 16), Self.longestRun))
        let content: [UInt8]
        do {
            content = try await run.content.value
        } catch {
            runs.removeAll { $0.first == run.first }
            throw error
        }
        let start = place - run.first * Self.blockSize
        let end = min((block - run.first + 1) * Self.blockSize, content.count)
        return Array(content[start..<end])
    }

    private func run(with block: Int, longest: Int) -> Run {
        if let index = runs.firstIndex(where: { $0.first..<$0.first + $0.count ~= block }) {
            let run = runs.remove(at: index)
            runs.append(run)
            return run
        }
        // Up to the next block that is there.
        let next = runs.map(\.first).filter { $0 > block }.min() ?? .max
        let count = min(longest, next - block)
        let start = block * Self.blockSize
        let range = start..<min(start + count * Self.blockSize, object.bytes)
        let (object, store) = (object, store)
        let run = Run(
            first: block,
            count: count,
            content: Task { try await store.read(range, of: object) }
        )
        bytesRead += range.count
        runs.append(run)
        while runs.map(\.count).reduce(0, +) > Self.capacity, runs.count > 1 { runs.removeFirst() }
        return run
    }

    /// Gives up what is being read.
    func cancel() {
        for run in runs { run.content.cancel() }
    }
}
