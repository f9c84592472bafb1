import ArgumentParser
import Checkpoints
import Diagnostics
import Files
import Masks
import OnnxGraph
import SystemPackage

/// Which Depth Anything checkpoint is used, and what it computes in.
struct DepthModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A checkpoint by name, or a folder that holds one; large on a GPU and small on a "
                + "processor unless given.",
            valueName: "name|folder"
        ),
        completion: .list(
            CheckpointCatalogue.all.map(\.name).filter { $0.hasPrefix("depth-anything") }
        )
    )
    var model: String?

    @Option(
        help: ArgumentHelp(
            "What the model computes in: fp32, fp16 (on a GPU), or int8 (faster on a processor, "
                + "a little less exact).",
            valueName: "fp32|fp16|int8"
        )
    )
    var precision: Precision = .float32

    func validate(_ inference: InferenceOptions) throws {
        guard model?.isEmpty != true else { throw ValidationError("--model is empty.") }
        if precision == .float16, inference.device == .only(.cpu) {
            throw ValidationError("--precision fp16 needs a GPU; the processor has fp32 and int8.")
        }
        if precision == .int8, case .only(.cuda) = inference.device {
            throw ValidationError("--precision int8 is for the processor; a GPU has fp16.")
        }
    }

    /// Finds the checkpoint and what runs it.
    ///
    /// - Parameters:
    ///   - inference: how to run it.
    ///   - log: is told what was chosen, and why.
    /// - Returns: the model.
    /// - Throws: `EightCutError` when there is no library, no such device or no such checkpoint.
    func load(_ inference: InferenceOptions, _ log: Log) async throws -> DepthModel {
        // What is missing is told before a device is looked for, which takes a while.
        let given = try model.map(folder(of:))
        let (library, session) = try await inference.prepare(log)
        guard precision != .float16 || session.device != .cpu else {
            throw EightCutError(
                .usage,
                "cannot compute in fp16",
                because: "no GPU is used, and the processor has fp32 and int8 only",
                remedy: "Leave out --precision fp16, or add --device cuda to see what is wrong."
            )
        }
        let name = try model ?? chosen(for: session.device == .cpu, log)
        let folder = try given ?? folder(of: name)
        let isKnown = CheckpointCatalogue.all.contains { $0.name == name }
        return try DepthModel(
            name: isKnown ? name : folder.lastComponent?.string ?? name,
            folder: folder,
            precision: precision,
            library: library,
            session: session
        )
    }

    /// Finds the checkpoint for the reference script.
    ///
    /// - Parameter log: is told what was chosen, and why.
    /// - Returns: the checkpoint's folder.
    /// - Throws: `EightCutError` when there is no such checkpoint.
    func folderForReference(_ log: Log) throws -> FilePath {
        try folder(of: model ?? chosen(for: true, log))
    }

    private func folder(of name: String) throws -> FilePath {
        try CheckpointFolder.find(name, settings: .ofProcess(), home: .current)
    }

    private func chosen(for isProcessor: Bool, _ log: Log) throws -> String {
        let small = try CheckpointCatalogue.named("depth-anything-v2-small")
        if isProcessor {
            log.note("using \(small.name), the default on a processor: the others take long there")
            return small.name
        }
        let (checkpoint, note) = DefaultCheckpoint.choose(
            try CheckpointCatalogue.named("depth-anything-v2-large"),
            else: small,
            licences: AcceptedLicences(.current)
        )
        log.note(note ?? "using \(checkpoint.name), the default on a GPU: the most exact one")
        return checkpoint.name
    }
}
