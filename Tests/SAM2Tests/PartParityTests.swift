import OnnxEngine
import SAM2
import TestSupport
import Testing

/// Each graph by itself against the reference implementation, on small random checkpoints.
///
/// Errors are relative: the largest difference divided by the range of the reference's values.
@Suite struct PartParityTests {
    /// Both sides compute in 32 bits in another order; 1e-5 and less is seen.
    static let tolerance: Float = 1e-4

    /// The prompts of the fixtures, in pixels of the model's input.
    private static let prompts: [String: (points: [(x: Float, y: Float)], labels: [Int])] = [
        "point": ([(100.25, 60.5)], [1]),
        "negative": ([(100.25, 60.5), (200, 180)], [1, 0]),
        "box": ([(40, 30), (150, 210.75)], [2, 3]),
        "box-point": ([(40, 30), (150, 210.75), (200, 180)], [2, 3, 0]),
        "none": ([(0, 0)], [-1]),
    ]

    @Test func theImageEncodersStagesAndLevelsAreTheReferences() async throws {
        let run = try GraphRun("tiny", isProbed: true)
        let outputs = try await encode(run)
        for stage in 0..<4 {
            let reference = try run.expected.floats("encoder.stage.\(stage)").values
            let error = GraphRun.error(outputs["stage.\(stage)"], reference)
            #expect(error <= Self.tolerance, "stage \(stage): \(error)")
        }
        for (level, name) in ["fine", "middle", "features"].enumerated() {
            let reference = try run.expected.floats("encoder.level.\(level)")
            let error = GraphRun.error(outputs[name], GraphRun.rows(reference).values)
            #expect(error <= Self.tolerance, "level \(level): \(error)")
        }
    }

    @Test(arguments: ["point", "negative", "box", "box-point", "none"])
    func pointsAndBoxesAreEncodedAsByTheReference(name: String) async throws {
        let run = try GraphRun("tiny")
        let prompt = try #require(Self.prompts[name])
        let sparse = try await run.sparse(prompt.points, prompt.labels)
        let error = GraphRun.error(sparse, try run.expected.floats("prompt.\(name).sparse").values)
        #expect(error <= Self.tolerance, "\(error)")
    }

    @Test func masksAreEncodedAsByTheReference() async throws {
        let run = try GraphRun("tiny")
        let error = GraphRun.error(
            try await dense(run, hasMask: true).values,
            GraphRun.rows(try run.expected.floats("prompt.mask.dense")).values
        )
        #expect(error <= Self.tolerance, "\(error)")
    }

    @Test(arguments: [
        ("point", "point", false), ("box-point", "box-point", false), ("tracked", "none", false),
        ("corrected", "negative", true),
    ])
    func theDecoderGivesTheReferencesMasksScoresAndPointers(
        name: String,
        prompt: String,
        hasMask: Bool
    ) async throws {
        try await checkDecoder(GraphRun("tiny"), name, prompt, hasMask)
    }

    @Test(arguments: [("point", "point"), ("tracked", "none")])
    func theDecoderOfVersion2_0GivesTheReferencesMasks(name: String, prompt: String) async throws {
        try await checkDecoder(GraphRun("tiny-2.0"), name, prompt, false)
    }

    @Test(arguments: [("point", "point"), ("tracked", "none")])
    func theDecoderOfEdgeTAMGivesTheReferencesMasks(name: String, prompt: String) async throws {
        try await checkDecoder(GraphRun(Sam2Fixtures.edgetam), name, prompt, false)
    }

    /// Convolutions, branches and normalizations that are one convolution here.
    @Test func repViTsStagesAndTheCoarsestFeaturesAreTheReferences() async throws {
        let run = try GraphRun(Sam2Fixtures.edgetam, isProbed: true)
        let outputs = try await encode(run)
        for stage in 1..<4 {
            let reference = try run.expected.floats("encoder.stage.\(stage)").values
            let error = GraphRun.error(outputs["stage.\(stage)"], reference)
            #expect(error <= Self.tolerance, "stage \(stage): \(error)")
        }
        let reference = try run.expected.floats("encoder.level.2")
        let error = GraphRun.error(outputs["features"], GraphRun.rows(reference).values)
        #expect(error <= Self.tolerance, "\(error)")
    }

    @Test(arguments: Sam2Fixtures.models, [("point", "point"), ("tracked", "none")])
    func theDecoderGivesTheReferencesMasksAtAnotherSize(
        model: String,
        prompt: (name: String, points: String)
    ) async throws {
        let run = try GraphRun(model, side: Sam2Fixtures.otherSide)
        try await checkDecoder(run, prompt.name, prompt.points, false)
    }

    @Test(arguments: Sam2Fixtures.models)
    func featuresAreTheReferencesAtAnotherSize(model: String) async throws {
        let run = try GraphRun(model, side: Sam2Fixtures.otherSide)
        let reference = try run.expected.floats("encoder.level.2")
        let features = try await encode(run)["features"]
        let error = GraphRun.error(features, GraphRun.rows(reference).values)
        #expect(error <= Self.tolerance, "\(error)")
    }

    private func checkDecoder(
        _ run: GraphRun,
        _ name: String,
        _ prompt: String,
        _ hasMask: Bool
    ) async throws {
        let encoded = try await encode(run)
        let features: [Float]
        if prompt == "point" || prompt == "box-point" {
            features = try #require(encoded["initial"])
        } else {
            features = try run.expected.floats("attention.all").values
        }
        let marks = try #require(Self.prompts[prompt])
        let sparse = try await run.sparse(marks.points, marks.labels)
        let tokens = run.tokens
        let outputs = try await run.run(
            run.graphs.maskDecoder,
            [
                "features": try run.floats(([tokens, 128], features)),
                "fine": try run.floats(([16 * tokens, 16], encoded["fine"] ?? [])),
                "middle": try run.floats(([4 * tokens, 32], encoded["middle"] ?? [])),
                "sparse": try run.floats(([sparse.count / 128, 128], sparse)),
                "dense": try run.floats(try await dense(run, hasMask: hasMask)),
            ]
        )
        let objectScore = try run.expected.floats("decoder.\(name).score").values[0]
        #expect(abs(try #require(outputs["objectScore"]?.first) - objectScore) <= 1e-3)
        var parts = [("masks", "masks"), ("ious", "ious")]
        if objectScore > 0 {
            parts.append(("pointers", "pointers"))
        } else {
            let pointers = try #require(outputs["pointers"])
            #expect(Array(pointers.prefix(128)) == outputs["noObjectPointer"])
        }
        for (ours, theirs) in parts {
            let reference = try run.expected.floats("decoder.\(name).\(theirs)").values
            let error = GraphRun.error(outputs[ours], reference)
            #expect(error <= Self.tolerance, "\(ours): \(error)")
        }
    }

    /// The fixtures' frame through the image encoder; both models have seen the same one.
    private func encode(_ run: GraphRun) async throws -> [String: [Float]] {
        let side = run.configuration.imageSize
        let other = side == Sam2Fixtures.otherSide ? side : nil
        let frame = try Sam2Fixtures.tensors("expected", of: "tiny", side: other).bytes("frame")
        let input = try Tensor(.uint8, frame.shape, library: run.library) { bytes in
            frame.values.withUnsafeBytes { bytes.copyMemory(from: $0) }
        }
        return try await run.run(run.graphs.imageEncoder, ["frame": input])
    }

    private func dense(_ run: GraphRun, hasMask: Bool) async throws -> GraphRun.Floats {
        guard hasMask else {
            return ([run.tokens, 128], try await run.run(run.graphs.noMask, [:])["dense"] ?? [])
        }
        let logits = try run.floats(run.expected.floats("prompt.mask.logits"))
        let outputs = try await run.run(run.graphs.logitsEncoder, ["logits": logits])
        return ([run.tokens, 128], outputs["dense"] ?? [])
    }
}
