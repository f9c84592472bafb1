import Dispatch
import Imaging
import Synchronization

/// Hands pictures from the thread that renders them to the main one: of those that come too fast
/// only the last is seen.
nonisolated final class LatestImage: Sendable {
    private let waiting = Mutex<ScreenImage?>(nil)
    private let take: @MainActor @Sendable (ScreenImage) -> Void

    init(_ take: @escaping @MainActor @Sendable (ScreenImage) -> Void) { self.take = take }

    /// Called on any thread.
    func put(_ image: ScreenImage) {
        let isFirst = waiting.withLock { waiting in
            defer { waiting = image }
            return waiting == nil
        }
        guard isFirst else { return }
        DispatchQueue.main.async { [self] in
            let image = waiting.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            MainActor.assumeIsolated { if let image { take(image) } }
        }
    }
}
