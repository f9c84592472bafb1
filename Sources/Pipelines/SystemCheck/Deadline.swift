import Dispatch

/// What may take for ever, such as looking at a disk of a network that is away.
enum Deadline {
    /// Runs something that may block, in a thread of its own.
    ///
    /// - Returns: nil when it has not ended in time; then its thread is left behind.
    static func wait<Value: Sendable>(
        _ limit: Duration = .seconds(2),
        _ work: @escaping @Sendable () -> Value
    ) async -> Value? {
        await first(limit) { answer in
            DispatchQueue.global().async { answer(work()) }
        }
    }

    /// The same for a task, which is cancelled when its time is over.
    static func wait<Value: Sendable>(
        _ limit: Duration,
        task work: @escaping @Sendable () async -> Value
    ) async -> Value? {
        await first(limit) { answer in
            let task = Task.detached { answer(await work()) }
            DispatchQueue.global().asyncAfter(deadline: .now() + seconds(limit)) { task.cancel() }
        }
    }

    private static func first<Value: Sendable>(
        _ limit: Duration,
        _ start: (@escaping @Sendable (Value) -> Void) -> Void
    ) async -> Value? {
        let (answers, writer) = AsyncStream<Value?>.makeStream(
            bufferingPolicy: .bufferingOldest(1)
        )
        start { writer.yield($0) }
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds(limit)) { writer.yield(nil) }
        for await answer in answers { return answer }
        return nil
    }

    private static func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }
}
