import NeuralGraph
import OnnxEngine
import TestSupport
import Testing

/// Runs that are cancelled.
@Suite struct CancellationTests {
    private static let width = 1500

    /// A long row of products; a run of `width` rows takes many times as long as a run may take
    /// to end, one of a single row an instant.
    private static func longSession() throws -> Session {
        let zeros = [Float](repeating: 0, count: width * width)
        let weights = WrittenWeights().adding("weight", [width, width], zeros)
        return try Runs.session(weights) { builder in
            let weight = builder.root.weight("weight", [width, width])
            var x = builder.input("x", .float32, ["n", .fixed(width)])
            for _ in 0..<300 { x = x.multiplied(byRowsOf: weight, adding: nil) }
            return x + 1
        }
    }

    @Test func aRunThatIsCancelledEndsSoonAndTheSessionStaysUsable() async throws {
        let session = try Self.longSession()
        let zeros = [Float](repeating: 0, count: Self.width * Self.width)
        let clock = ContinuousClock()
        let task = Task { try await Runs.run(session, [Self.width, Self.width], zeros) }
        try await Task.sleep(for: .milliseconds(300))
        let cancelled = clock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(cancelled.duration(to: clock.now) < Program.stopLimit)

        let one = try await Runs.run(session, [1, Self.width], Array(zeros.prefix(Self.width)))
        #expect(one?.shape == [1, Self.width] && one?.values.allSatisfy { $0 == 1 } == true)
    }

    @Test func aTaskThatIsCancelledBeforeDoesNotBegin() async throws {
        let session = try Runs.session { $0.input("x", .float32, [1]) }
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await Runs.run(session, [1], [1])
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await Runs.run(session, [1], [1])?.values == [1])
    }
}
