import ArgumentParser
import Diagnostics
import FoundationEssentials
import Methods
import NeuralGraph
import OnnxEngine

/// How a model is run, the same for every method that uses one.
struct InferenceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What the model runs on: a GPU where one works (auto), or cpu, cuda, cuda:N.",
            valueName: "device"
        )
    )
    var device: DeviceChoice = .auto

    @Option(
        help: ArgumentHelp(
            "Threads on the processor; as many as it has cores unless given.",
            valueName: "count"
        )
    )
    var threads: Int?

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads must be between 1 and 1024, not \(threads).")
        }
    }

    /// Finds the library and the device.
    ///
    /// - Parameter log: is told when a GPU cannot be used, and of what slows a run down.
    /// - Returns: what runs models, and how.
    /// - Throws: `EightCutError` when there is no library, or the device that was asked for does
    ///   not work; `CancellationError`.
    func prepare(_ log: Log) async throws -> (library: RuntimeLibrary, settings: SessionSettings) {
        let library = try RuntimeLibrary.installed()
        var settings = SessionSettings(
            threads: threads ?? ProcessInfo.processInfo.activeProcessorCount
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
                log.warning("using the processor, because the GPU does not work: \(error.why)")
            }
        case .auto: break
        }
        return (library, settings)
    }
}

extension Precision: ExpressibleByArgument {}
