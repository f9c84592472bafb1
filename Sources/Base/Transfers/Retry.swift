import Diagnostics

/// A transfer that may succeed when it is tried again.
package struct TransferFailure: Error {
    /// The error if it does not.
    package let error: EightCutError
    /// Seconds that the server asks to wait.
    package var retryAfter: Int?

    package init(error: EightCutError, retryAfter: Int? = nil) {
        self.error = error
        self.retryAfter = retryAfter
    }
}

/// Retries after transient failures of the network, with growing pauses.
package struct Retry: Sendable {
    /// How often without getting any further.
    package static let limit = 5
    /// The bytes that count as getting further.
    package static let leastAdvance = 1 << 16

    /// Told before every pause.
    package let note: @Sendable (String) -> Void
    private var failures = 0

    package init(note: @escaping @Sendable (String) -> Void) {
        self.note = note
    }

    /// Does something until it succeeds.
    ///
    /// - Throws: the last failure's error, or what else `body` throws.
    package func run<Value>(_ body: () async throws -> Value) async throws -> Value {
        var retry = self
        while true {
            do {
                return try await body()
            } catch let failure as TransferFailure {
                try await retry.pause(after: failure, hasAdvanced: false)
            }
        }
    }

    /// Waits before the next try.
    ///
    /// - Parameters:
    ///   - failure: what went wrong.
    ///   - hasAdvanced: whether bytes have come since the last failure, so that all tries are
    ///     open again.
    /// - Throws: the failure's error when it was the last try.
    package mutating func pause(after failure: TransferFailure, hasAdvanced: Bool) async throws {
        if hasAdvanced { failures = 0 }
        guard failures < Self.limit else { throw failure.error }
        // 0.5, 1, 2, 4, 8 seconds, or what the server asks for, within reason.
        let own = 500 << failures
        let pause = max(own, min(failure.retryAfter ?? 0, 60) * 1000)
        failures += 1
        note("\(failure.error.why); trying again in \(Double(pause) / 1000) s")
        try await Task.sleep(for: .milliseconds(pause))
    }
}
