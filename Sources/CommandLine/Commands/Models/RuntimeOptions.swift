import ArgumentParser
import Checkpoints
import Diagnostics
import Methods
import NeuralGraph
import OnnxEngine
import Processes

/// `--precision`, `--device` and `--threads`: what a network runs on.
struct RuntimeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "fp32, fp16 (GPU only), or int8 (CPU only; faster, and a little less exact).",
            valueName: "precision"
        )
    )
    var precision: Precision = .float32

    @Option(
        help: ArgumentHelp(
            "auto (a GPU that works, or else the CPU), cpu, cuda or cuda:N.",
            valueName: "device"
        )
    )
    var device: DeviceChoice = .auto

    @Option(
        help: ArgumentHelp("CPU threads. (default: one per core)", valueName: "count")
    )
    var threads: Int?

    func validate() throws {
        try threads?.checked(in: 1...1024, named: "--threads")
        if precision == .float16, device == .only(.cpu) {
            throw ValidationError("--precision fp16 needs a GPU; the CPU has fp32 and int8.")
        }
        if precision == .int8, case .only(.cuda) = device {
            throw ValidationError("--precision int8 is for the CPU; a GPU has fp16.")
        }
    }

    /// The options that were given.
    var given: [String] {
        [
            ("--precision", precision != .float32), ("--device", device != .auto),
            ("--threads", threads != nil),
        ].filter(\.1).map(\.0)
    }
}

extension RuntimeOptions {
    /// Finds a checkpoint and what runs it.
    ///
    /// - Parameters:
    ///   - model: the checkpoint's name or folder; nil for the default.
    ///   - family: what it is one of.
    ///   - log: receives what was chosen, and why.
    ///   - models: what was found before with the same options is taken from there.
    ///   - name: the default checkpoint's name, on a CPU or else on a GPU.
    /// - Returns: the model.
    /// - Throws: `EightCutError` when there is no library, no such device or no such checkpoint.
    func checkpoint<Family: ModelFamily>(
        _ model: String?,
        of family: Family.Type,
        _ log: Log,
        _ models: LoadedModels,
        default name: @escaping @Sendable (_ onCPU: Bool, Log) throws -> String =
            Family.defaultName
    ) async throws -> CheckpointModel {
        try await models.checkpoint("\(family) \(model ?? "") \(precision) \(key)") {
            try await find(model, of: family, log, models, default: name)
        }
    }

    private func find<Family: ModelFamily>(
        _ model: String?,
        of family: Family.Type,
        _ log: Log,
        _ models: LoadedModels,
        default name: (_ onCPU: Bool, Log) throws -> String
    ) async throws -> CheckpointModel {
        // A missing checkpoint is reported before a device is tried, which takes a while.
        let given = try model.map(Family.folder(of:))
        let runtime = try await models.runtime(key) {
            try await prepare(log, threads: models.threads)
        }
        let session = runtime.session
        guard precision != .float16 || session.device != .cpu else {
            throw EightCutError(
                .usage,
                "cannot compute in fp16",
                because: "no GPU is used, and the CPU has fp32 and int8 only",
                remedy: "Leave out --precision fp16, or add --device cuda to see what is wrong."
            )
        }
        let name = try model ?? name(session.device == .cpu, log)
        let folder = try given ?? Family.folder(of: name)
        let isKnown = CheckpointCatalogue.all.contains { $0.name == name }
        return try CheckpointModel(
            name: isKnown ? name : folder.lastComponent?.string ?? name,
            folder: folder,
            precision: precision,
            library: runtime.library,
            session: session
        )
    }

    private var key: String { "\(device) \(threads ?? 0)" }

    /// Finds the library and the device.
    ///
    /// - Throws: `EightCutError` when there is no library, or the device that was asked for does
    ///   not work; `CancellationError`.
    private func prepare(
        _ log: Log,
        threads usualThreads: Int
    ) async throws -> LoadedModels.Runtime {
        let library = try await RuntimeLibrary.installed()
        var settings = SessionSettings(
            threads: threads ?? usualThreads
        ) { log.warning($0) }
        switch device {
        case .only(.cpu): break
        case .only(let device):
            try await device.tryOut(library: library)
            settings.device = device
        case .auto where library.providers.contains("CUDAExecutionProvider"):
            settings.allowsCPUFallback = true
            do {
                try await Device.cuda(0).tryOut(library: library)
                settings.device = .cuda(0)
            } catch let error as EightCutError {
                log.warning("using the CPU, because the GPU does not work: \(error.why)")
            }
        case .auto: break
        }
        if threads == nil { FirstRunAdvice(settings, precision).give(log) }
        return LoadedModels.Runtime(library, settings)
    }
}

/// What the user wants a model to run on.
enum DeviceChoice: Equatable {
    /// A GPU that works, else the CPU.
    case auto
    /// This and nothing else.
    case only(Device)
}

extension DeviceChoice: ExpressibleByArgument {
    /// `auto`, `cpu`, `cuda`, or `cuda:N`.
    init?(argument: String) {
        switch argument {
        case "auto": self = .auto
        case "cpu": self = .only(.cpu)
        case "cuda": self = .only(.cuda(0))
        default:
            guard let digits = argument.removing(prefix: "cuda:"), let number = UInt16(digits)
            else { return nil }
            self = .only(.cuda(Int(number)))
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .auto: "auto"
        case .only(let device): "\(device)"
        }
    }

    static let allValueStrings = ["auto", "cpu", "cuda"]
}

extension Precision: ExpressibleByArgument {}
