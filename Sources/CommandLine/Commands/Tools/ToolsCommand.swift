import ArgumentParser
import Diagnostics
import MLTools
import OnnxEngine
import SystemPackage

/// `8cut tools`: the inference library and what it needs.
struct ToolsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools",
        abstract: "Install, inspect or remove the tools that run neural networks.",
        discussion: """
            Methods with neural networks need ONNX Runtime. It is installed with pip into a Python \
            environment of its own: ~/.8cut/venv, or the folder venv where EIGHTCUT_HOME points. \
            Nothing else on the system changes. Where 8cut itself was installed with pip, as \
            8cut[cpu], ONNX Runtime is beside it, and need not be installed.

            Examples:
              8cut tools install
              8cut tools status --json
              8cut tools remove
            """,
        subcommands: [
            ToolsInstallCommand.self, ToolsStatusCommand.self, ToolsRemoveCommand.self,
        ] + (Manual.isBeingGenerated ? [] : [ToolsProbeCommand.self])
    )
}

/// `8cut tools probe`: loads a library and prints its path and its version. 8cut runs this itself,
/// as a child that may crash.
struct ToolsProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Load the inference library and print its path and version.",
        shouldDisplay: false
    )

    @Argument var library: String

    func run() async throws {
        do {
            let library = try RuntimeLibrary(at: FilePath(library))
            try Listing.write("\(library.path)\n\(library.version)")
        } catch let error as EightCutError {
            try Listing.write(error.why)
            throw ExitCode(error.code.exitStatus)
        }
    }
}
