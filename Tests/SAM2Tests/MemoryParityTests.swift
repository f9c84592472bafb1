import Imaging
import OnnxEngine
import Processes
import SAM2
import TestSupport
import Testing
import Tracking

/// How memories are made and attended to, against the reference implementation.
@Suite struct MemoryParityTests {
    @Test(arguments: Sam2Fixtures.models, ["binary", "sigmoid", "absent"])
    func memoriesAreTheReferences(model: String, kind: String) async throws {
        try await checkMemory(GraphRun(model), kind)
    }

    @Test(arguments: Sam2Fixtures.models, ["binary", "absent"])
    func memoriesAreTheReferencesAtAnotherSize(model: String, kind: String) async throws {
        try await checkMemory(GraphRun(model, side: Sam2Fixtures.otherSide), kind)
    }

    @Test(arguments: ["binary", "sigmoid", "absent"])
    func memoriesOfEdgeTAMAreTheReferences(kind: String) async throws {
        try await checkMemory(GraphRun(Sam2Fixtures.edgetam), kind)
    }

    /// What goes into the spatial perceiver.
    @Test func memoriesBeforeThePerceiverAreTheReferences() async throws {
        let run = try GraphRun(Sam2Fixtures.edgetam, isProbed: true)
        try await checkMemory(
            run,
            "sigmoid",
            output: "spatial",
            reference: "memory.sigmoid.spatial"
        )
    }

    private func checkMemory(
        _ run: GraphRun,
        _ kind: String,
        output: String = "memory",
        reference: String? = nil
    ) async throws {
        let side = run.configuration.imageSize
        let logits = try run.expected.floats("memory.logits").values
        var mask = BilinearResize(from: (side / 4, side / 4), to: (side, side)).resized(logits)
        if kind == "binary" { mask = mask.map { $0 > 0 ? 1000 : -1000 } }
        let features = GraphRun.rows(try run.expected.floats("encoder.level.2"))
        var inputs = [
            "features": try run.floats(features), "mask": try run.floats(([side, side], mask)),
        ]
        if run.hasOcclusionEmbedding {
            inputs["absence"] = try run.floats(([1], [kind == "absent" ? 1 : 0]))
        }
        let outputs = try await run.run(run.graphs.memoryEncoder, inputs)
        let expected = try run.expected.floats(reference ?? "memory.\(kind)").values
        let error = GraphRun.error(outputs[output], expected)
        #expect(error <= PartParityTests.tolerance, "\(error)")
    }

    @Test func memoriesAreRoundedAsTheReferenceRoundsThem() throws {
        let expected = try Sam2Fixtures.tensors("expected", of: "tiny")
        let exact = try expected.floats("memory.sigmoid").values
        let rounded = exact.withUnsafeBufferPointer { SpatialMemory(rounding: $0) }
        #expect(rounded == .rounded(try expected.upperHalves("memory.sigmoid.stored").values))
    }

    @Test(arguments: Sam2Fixtures.models)
    func attentionToAllMemoriesGivesTheReferencesFeatures(model: String) async throws {
        try await check(model, "all", memories: .max, pointers: .max)
    }

    @Test func attentionToOneMemoryGivesTheReferencesFeatures() async throws {
        try await check("tiny", "few", memories: 1, pointers: 1)
    }

    /// What graphics cards and processors with AVX-512 compute with.
    @Test(arguments: ["tiny", Sam2Fixtures.edgetam])
    func theOperatorForAttentionGivesTheReferencesFeatures(model: String) async throws {
        try await check(model, "all", memories: .max, pointers: .max, .fused)
    }

    @Test func attentionToTwoMemoriesOfVersion2_0GivesTheReferencesFeatures() async throws {
        try await check("tiny-2.0", "few", memories: 2, pointers: 3)
    }

    @Test(arguments: Sam2Fixtures.models)
    func attentionGivesTheReferencesFeaturesAtAnotherSize(model: String) async throws {
        try await check(model, "all", side: Sam2Fixtures.otherSide, memories: .max, pointers: .max)
    }

    @Test func attentionToAllMemoriesOfEdgeTAMGivesTheReferencesFeatures() async throws {
        try await check(Sam2Fixtures.edgetam, "all", memories: .max, pointers: .max)
    }

    @Test func attentionToOneMemoryOfEdgeTAMGivesTheReferencesFeatures() async throws {
        try await check(Sam2Fixtures.edgetam, "few", memories: 1, pointers: 1)
    }

    /// Which of two ways is faster was measured.
    @Test func processorsWithAVX512AttendWithTheOperator() {
        func way(_ device: Device, _ flags: String) -> String {
            "\(WideAttention.fastest(on: device, CPUFeatures(cpuinfo: "flags : \(flags)\n")))"
        }
        #expect(way(.cpu, "avx2 avx512f") == "fused")
        #expect(way(.cpu, "avx2 fma") == "chunks(of: 256)")
        #expect(way(.cuda(0), "avx2 fma") == "fused")
    }

    /// Stored memories: in 16 bits, or EdgeTAM's in 32.
    private static func memories(of run: GraphRun, _ model: String) throws -> GraphRun.Floats {
        if model == Sam2Fixtures.edgetam { return try run.expected.floats("attention.memories") }
        let (shape, halves) = try run.expected.upperHalves("attention.memories")
        return (shape, halves.map { Float(bitPattern: UInt32($0) << 16) })
    }

    private func check(
        _ model: String,
        _ name: String,
        side: Int? = nil,
        memories: Int,
        pointers: Int,
        _ attention: WideAttention = .chunks(of: 100)
    ) async throws {
        let run = try GraphRun(model, side: side, attention: attention)
        let all = try Self.memories(of: run, model)
        let count = min(memories, all.shape[0])
        let length = all.shape[1] * all.shape[2]
        let spatial = Array(all.values.prefix(count * length))
        // Prompted frames have the last of the encodings, the frame before the first.
        let ages = try run.expected.floats("attention.offsets").values.prefix(count).map {
            $0 == 0 ? 6 : Int($0) - 1
        }
        let tokens = try run.expected.floats("attention.pointers")
        let pointerCount = min(pointers, tokens.shape[0])
        let features = GraphRun.rows(try run.expected.floats("encoder.level.2"))
        let begun = try await run.run(
            run.graphs.selfAttention,
            ["features": try run.floats(features)]
        )
        var inputs = [
            "attended": try run.floats((features.shape, try #require(begun["attended"]))),
            "memories": try run.floats(([count, all.shape[1], all.shape[2]], spatial)),
            "ages": try run.integers(Array(ages)),
            "pointers": try run.floats(
                ([pointerCount, 128], Array(tokens.values.prefix(pointerCount * 128)))
            ),
        ]
        if run.hasOcclusionEmbedding {
            let distances = try run.expected.floats("attention.distances").values
            inputs["times"] = try run.floats(
                (
                    [pointerCount, 128],
                    distances.prefix(pointerCount).flatMap {
                        SinePositions.time(Double($0) / 15, channels: 128)
                    }
                )
            )
        }
        if name == "all", side == nil {
            #expect(count == 7 && pointerCount == 16 || model == "tiny-2.0")
        }
        let outputs = try await run.run(run.graphs.memoryAttention, inputs)
        let reference = try run.expected.floats("attention.\(name)").values
        let error = GraphRun.error(outputs["conditioned"], reference)
        #expect(error <= PartParityTests.tolerance, "\(error)")
    }
}
