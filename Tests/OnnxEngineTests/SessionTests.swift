import Diagnostics
import NeuralGraph
import OnnxEngine
import TestSupport
import Testing
import Weights

/// Graphs that run, and some that do not.
@Suite struct SessionTests {
    private static let matrix = WrittenWeights()
        .adding("weight", [2, 3], [1, 2, 3, 4, 5, 6] as [Float])

    @Test func aLengthMayDifferFromRunToRun() async throws {
        let session = try Runs.session(Self.matrix) {
            $0.input("x", .float32, ["n", 3])
                .multiplied(byRowsOf: $0.root.weight("weight", [2, 3]), adding: nil)
        }
        let one = try await Runs.run(session, [1, 3], [1, 0, 1])
        #expect(one?.shape == [1, 2] && one?.values == [4, 10])
        let three = try await Runs.run(session, [3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1])
        #expect(three?.shape == [3, 2] && three?.values == [1, 4, 2, 5, 3, 6])
    }

    /// A single sum of so many numbers in 32 bits, as the library's pooling has it, is off by 7e-6.
    @Test func theMeanOfManyPixelsIsExact() async throws {
        let side = 256
        let session = try Runs.session { builder in
            builder.input("x", .float32, [1, 2, .fixed(side), .fixed(side)]).averaged()
        }
        let pixels = (0..<2 * side * side).map { 1 + Float($0 * 7919 % 1009) / 1009 }
        let means = [pixels.prefix(side * side), pixels.suffix(side * side)].map { channel in
            channel.reduce(0) { $0 + Double($1) } / Double(side * side)
        }
        let result = try await Runs.run(session, [1, 2, side, side], pixels)
        #expect(result?.shape == [1, 2, 1, 1])
        let errors = zip(try #require(result).values, means).map { abs(Double($0) - $1) }
        #expect(errors.count == 2 && errors.allSatisfy { $0 < 1e-6 }, "\(errors)")
    }

    /// On CPUs without VNNI the library changes the weights of each product.
    @Test func aLayerInBytesMayBeUsedTwice() async throws {
        let weights = WrittenWeights().adding(
            "layer.weight",
            [2, 3],
            [1, 2, 3, 4, 5, 6] as [Float]
        )
        let session = try Runs.session(weights, precision: .int8) { builder in
            let x = builder.input("x", .float32, [1, 3])
            let layer = Linear(builder.root.layer, 3, 2, hasBias: false)
            return layer(x) + layer(x)
        }
        let result = try #require(try await Runs.run(session, [1, 3], [1, 0, 1])).values
        #expect(zip(result, [8, 20]).allSatisfy { abs($0 - $1) < 0.2 }, "\(result)")
    }

    @Test func aGraphThatTheLibraryRefusesIsAnError() throws {
        let error = #expect(throws: EightCutError.self) {
            // Gelu is not made for whole numbers.
            try Runs.session { $0.input("x", .int64, [2]).gelu() }
        }
        #expect(error?.code == .toolFailed && error?.why.contains("Gelu") == true)
        #expect(error?.subject?.contains("libonnxruntime") == true)
    }

    @Test func twoInputsOfOneNameAreRefused() throws {
        #expect(throws: EightCutError.self) {
            try Runs.session { $0.input("x", .float32, [2]) + $0.input("x", .float32, [1]) }
        }
    }

    @Test func weightsWithoutNumbersAreRefused() throws {
        let builder = GraphBuilder(Parameters(NamesOnly()))
        builder.output("y", builder.root.weight("weight", [64]))
        let graph = try builder.finish()
        let error = #expect(throws: EightCutError.self) {
            try Session(
                graph,
                library: TestTools.library(),
                settings: SessionSettings(threads: 1)
            )
        }
        #expect(error?.why == "there are no weights for it" && error?.subject == "weight")
    }

    private struct NamesOnly: WeightSource {
        let name = "names"
        let keys = ["weight"]
        func tensor(_ key: String) -> StoredTensor? {
            StoredTensor(key: key, type: .float32, shape: [64])
        }
    }

    @Test func anInputOfAnotherShapeOrTypeIsRefused() async throws {
        let session = try Runs.session { $0.input("x", .float32, ["n", 3]).relu() }
        for shape in [[1, 4], [3], [1, 1, 3]] {
            let count = shape.reduce(1, *)
            let error = await #expect(throws: EightCutError.self) {
                try await Runs.run(session, shape, [Float](repeating: 0, count: count))
            }
            #expect(error?.why == "x is \(shape) and not [n, 3]")
        }
        let whole = try Tensor(.int32, [1, 3], library: session.library) {
            $0.initializeMemory(as: UInt8.self, repeating: 0)
        }
        await #expect(throws: EightCutError.self) {
            try await session.run(["x": whole], outputs: ["y": .host])
        }
        let error = await #expect(throws: EightCutError.self) {
            try await session.run([:], outputs: ["y": .host])
        }
        #expect(error?.why == "the input x is missing")
        #expect(try await Runs.run(session, [1, 3], [-1, 0, 2])?.values == [0, 0, 2])
    }

    @Test func onlyOutputsThatAreWantedComeOut() async throws {
        let session = try Runs.session { builder in
            let x = builder.input("x", .float32, [2])
            builder.output("twice", x * 2)
            return x + 1
        }
        let x = try Runs.tensor([2], [1, 2], for: session)
        let one = try await session.run(["x": x], outputs: ["twice": .host])
        #expect(one.keys.sorted() == ["twice"])
        let both = try await session.run(["x": x], outputs: ["twice": .device, "y": .host])
        #expect(try both["twice"]?.withFloats { Array($0) } == [2, 4])
        #expect(try both["y"]?.withFloats { Array($0) } == [2, 3])
    }

    @Test func whatComesOutMayGoInAgain() async throws {
        let session = try Runs.session { $0.input("x", .float32, [2]) * 3 }
        var x = try Runs.tensor([2], [1, -1], for: session)
        for _ in 0..<3 {
            let outputs = try await session.run(["x": x], outputs: ["y": .device])
            x = try #require(outputs["y"])
        }
        #expect(try x.withFloats { Array($0) } == [27, -27])
    }

    @Test func severalSessionsRunSideBySide() async throws {
        let results = try await withThrowingTaskGroup(of: Bool.self) { group in
            for factor in 1...6 {
                group.addTask {
                    let session = try Runs.session {
                        $0.input("x", .float32, ["n"]) * Float(factor)
                    }
                    for length in 1...20 {
                        let ones = [Float](repeating: 1, count: length)
                        let y = try await Runs.run(session, [length], ones)?.values
                        guard y == ones.map({ $0 * Float(factor) }) else { return false }
                    }
                    return true
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results == [Bool](repeating: true, count: 6))
    }

    @Test func severalTasksMayShareASession() async throws {
        let session = try Runs.session { $0.input("x", .float32, ["n"]) + 1 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...16 {
                group.addTask {
                    let y = try await Runs.run(session, [1], [Float(number)])
                    #expect(y?.values == [Float(number) + 1])
                }
            }
            try await group.waitForAll()
        }
    }
}
