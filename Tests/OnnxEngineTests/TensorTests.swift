import NeuralGraph
import OnnxEngine
import TestSupport
import Testing

/// Elements and weights of all kinds go in and come out as they are.
@Suite struct TensorTests {
    @Test func aTensorGivesBackWhatWasWritten() throws {
        let library = try TestTools.library()
        let types: [ElementType] = [.float32, .uint8, .int8, .int32, .int64, .bool, .float16]
        for type in types {
            let count = 6 * type.byteCount
            let tensor = try Tensor(type, [2, 3], library: library) { bytes in
                #expect(bytes.count == count)
                for index in bytes.indices { bytes[index] = UInt8(index % 2) }
            }
            #expect(tensor.shape == [2, 3] && tensor.type == type && tensor.isOnHost)
            let back = try tensor.withBytes { [UInt8]($0) }
            #expect(back == (0..<count).map { UInt8($0 % 2) })
        }
    }

    @Test func aNumberAndNothingAreTensorsToo() throws {
        let library = try TestTools.library()
        let number = try Tensor(.float32, [], library: library) {
            $0.storeBytes(of: 7, as: Float.self)
        }
        #expect(try number.withFloats { Array($0) } == [7])
        let nothing = try Tensor(.float32, [0, 3], library: library) { #expect($0.isEmpty) }
        #expect(try nothing.withFloats { $0.count } == 0)
    }

    @Test func whatFillingThrowsComesOut() throws {
        struct Stop: Error {}
        let library = try TestTools.library()
        #expect(throws: Stop.self) {
            try Tensor(.float32, [1], library: library) { _ in throw Stop() }
        }
    }

    /// Short weights are copied into the model, and long ones read where they lie; what has
    /// another type than the model computes in is converted.
    @Test(arguments: [2, 100])
    func weightsOfHalfTheWidthAreConverted(count: Int) async throws {
        let numbers = (0..<count).map { Float($0) / 4 - 3 }
        let weights = WrittenWeights()
            .adding("float", [count], numbers)
            .adding("half", [count], numbers.map { Float16($0) }, .float16)
            .adding(
                "brain",
                [count],
                numbers.map { UInt16(truncatingIfNeeded: $0.bitPattern >> 16) },
                .bfloat16
            )
        let session = try Runs.session(weights) { builder in
            let x = builder.input("x", .float32, Shape([count]))
            return ["float", "half", "brain"].reduce(x) { $0 + builder.root.weight($1, [count]) }
        }
        let zeros = [Float](repeating: 0, count: count)
        let sum = try await Runs.run(session, [count], zeros)?.values
        #expect(sum == numbers.map { $0 * 3 })
    }

    @Test func weightsAreComputedWhenTheModelIsLoaded() async throws {
        let weights = WrittenWeights().adding("a", [2], [1, 2] as [Float])
            .adding("b", [2], [10, 20] as [Float])
        let session = try Runs.session(weights) { builder in
            let sum = builder.root.computed(
                "sum",
                from: [("a", [2]), ("b", [2])],
                shape: [2]
            ) { zip($0[0], $0[1]).map { $0 + $1 } }
            return builder.input("x", .float32, [2]) + sum
        }
        #expect(try await Runs.run(session, [2], [100, 200])?.values == [111, 222])
    }
}
