import Media
import SystemPackage

/// A search at work, step by step.
struct RunningSearch {
    enum Step {
        /// So many frames have been looked at.
        case frame(Int)
        /// The search has ended.
        case found(FoundObjects)
    }

    private let task: Task<FoundObjects, any Error>
    private var counts: AsyncStream<Int>.Iterator

    /// Starts to search a video.
    init(_ path: FilePath, _ stream: VideoStream) {
        // Of the frames that nobody has asked about yet, the latest tells all.
        let (numbers, continuation) = AsyncStream.makeStream(
            of: Int.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        counts = numbers.makeAsyncIterator()
        let search = ObjectSearch(path, stream)
        task = Task {
            defer { continuation.finish() }
            return try await search.run { continuation.yield($0) }
        }
    }

    /// Waits until more is known.
    ///
    /// - Throws: what `ObjectSearch.run` throws.
    mutating func next() async throws -> Step {
        if let count = await counts.next() { return .frame(count) }
        try Task.checkCancellation()
        return .found(try await task.value)
    }

    /// Ends it.
    func end() async {
        task.cancel()
        _ = await task.result
    }
}
