import ArgumentParser
import Checkpoints
import Diagnostics
import Files
import Methods
import NeuralGraph
import SystemPackage

/// Which checkpoint a method uses, and what it computes in, as the user has said it.
struct CheckpointChoice {
    private let name: String?
    private let precision: Precision

    /// - Parameters:
    ///   - name: a checkpoint by name, or a folder that holds one; nil for the method's default.
    ///   - precision: what to compute in.
    init(_ name: String?, _ precision: Precision) {
        self.name = name
        self.precision = precision
    }

    /// Refuses what cannot be, before anything is looked for.
    ///
    /// - Throws: `ValidationError`.
    func validate(_ inference: InferenceOptions) throws {
        guard name?.isEmpty != true else { throw ValidationError("--model is empty.") }
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
    ///   - standard: the name of the method's default, on a processor or else on a GPU.
    /// - Returns: the model.
    /// - Throws: `EightCutError` when there is no library, no such device or no such checkpoint.
    func load(
        _ inference: InferenceOptions,
        _ log: Log,
        else standard: (_ isProcessor: Bool) throws -> String
    ) async throws -> CheckpointModel {
        // What is missing is told before a device is looked for, which takes a while.
        let given = try name.map(Self.folder(of:))
        let (library, session) = try await inference.prepare(log)
        guard precision != .float16 || session.device != .cpu else {
            throw EightCutError(
                .usage,
                "cannot compute in fp16",
                because: "no GPU is used, and the processor has fp32 and int8 only",
                remedy: "Leave out --precision fp16, or add --device cuda to see what is wrong."
            )
        }
        let name = try self.name ?? standard(session.device == .cpu)
        let folder = try given ?? Self.folder(of: name)
        let isKnown = CheckpointCatalogue.all.contains { $0.name == name }
        return try CheckpointModel(
            name: isKnown ? name : folder.lastComponent?.string ?? name,
            folder: folder,
            precision: precision,
            library: library,
            session: session
        )
    }

    /// The folder of a checkpoint.
    ///
    /// - Throws: `EightCutError` when there is no such checkpoint.
    static func folder(of name: String) throws -> FilePath {
        try CheckpointFolder.find(name, settings: .ofProcess(), home: .current)
    }
}
