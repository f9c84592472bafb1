import Saliency
import Synchronization

/// Maps on their way from the analysis of a clip, which decides many at once, to whoever takes them
/// one by one. One task puts them in, another takes them out.
final class MapQueue: Sendable {
    /// As long as more maps than these are waiting, no frame is analysed: a window, about.
    private static let most = 256

    private struct State {
        /// The maps that are waiting; those before `start` are taken already.
        var maps: [ObjectMap] = []
        var start = 0
        /// The first frame whose map is still wanted.
        var wanted: Int
        var outcome: Result<Void, any Error>?
        var taker: CheckedContinuation<Void, Never>?
        var giver: CheckedContinuation<Void, Never>?

        var count: Int { maps.count - start }

        mutating func drop(below frame: Int) {
            wanted = max(wanted, frame)
            while start < maps.count, maps[start].frame < wanted { start += 1 }
            guard start == maps.count || start > MapQueue.most else { return }
            maps.removeFirst(start)
            start = 0
        }
    }

    private let state: Mutex<State>

    /// - Parameter first: the first frame whose map is wanted.
    init(from first: Int) { state = Mutex(State(wanted: first)) }

    /// Puts maps in, and waits while too many are waiting.
    ///
    /// - Throws: `CancellationError`.
    func put(_ maps: [ObjectMap]) async throws {
        wake(\.taker) { state in
            state.maps += maps.filter { $0.frame >= state.wanted }
        }
        try await wait(at: \.giver) { $0.count <= Self.most }
    }

    /// Says that nothing more comes.
    ///
    /// - Parameter error: why; nil for the end of the video.
    func end(_ error: (any Error)? = nil) {
        wake(\.taker) { state in
            state.outcome = error.map { .failure($0) } ?? .success(())
        }
    }

    /// Takes the map of a frame out, and waits for it; drops those of earlier frames.
    ///
    /// - Returns: nil when the video has ended before the frame.
    /// - Throws: the error of `end`, or `CancellationError`.
    func take(_ frame: Int) async throws -> ObjectMap? {
        wake(\.giver) { $0.drop(below: frame) }
        try await wait(at: \.taker) { $0.count > 0 || $0.outcome != nil }
        return try state.withLock { state in
            guard state.count > 0 else {
                try state.outcome?.get()
                return nil
            }
            return state.maps[state.start].frame == frame ? state.maps[state.start] : nil
        }
    }

    private typealias Waiting = WritableKeyPath<State, CheckedContinuation<Void, Never>?> & Sendable

    /// Changes the state, and lets the one who waits look at it.
    private func wake(_ waiting: Waiting, _ change: (inout sending State) -> Void = { _ in }) {
        let continuation = state.withLock { state in
            change(&state)
            defer { state[keyPath: waiting] = nil }
            return state[keyPath: waiting]
        }
        continuation?.resume()
    }

    /// Waits until the state is as it should be.
    ///
    /// - Throws: `CancellationError`.
    private func wait(at waiting: Waiting, until isDue: @Sendable (State) -> Bool) async throws {
        while true {
            try Task.checkCancellation()
            guard !state.withLock({ isDue($0) }) else { return }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let goesOn = state.withLock { state in
                        // What was changed before this has found nobody to wake.
                        if isDue(state) || Task.isCancelled { return true }
                        state[keyPath: waiting] = continuation
                        return false
                    }
                    if goesOn { continuation.resume() }
                }
            } onCancel: {
                wake(waiting)
            }
        }
    }
}
