import ArgumentParser
import Diagnostics
import Glibc
import MLTools
import OnnxEngine
import Processes
import SystemPackage

/// `8cut tools`: the inference library and what it needs.
struct ToolsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools",
        abstract: "Install, inspect or remove the tools that run neural networks.",
        discussion: """
            Methods with neural networks need ONNX Runtime. It is installed with pip into a Python \
            environment of its own: ~/.8cut/venv, or the folder venv where EIGHTCUT_HOME points. \
            Nothing else on the system changes.

            Examples:
              8cut tools install
              8cut tools status --json
              8cut tools remove
            """,
        subcommands: [
            ToolsInstallCommand.self, ToolsStatusCommand.self, ToolsRemoveCommand.self,
        ] + (Manual.isBeingGenerated ? [] : [ToolsProbeCommand.self, ToolsSuperviseCommand.self])
    )
}

/// `8cut tools probe`: loads a library and prints its version. 8cut runs this itself, as a child
/// that may crash.
struct ToolsProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Load the inference library and print its version.",
        shouldDisplay: false
    )

    @Argument var library: String

    func run() async throws {
        do {
            let version = try RuntimeLibrary(at: FilePath(library)).version
            writeLine(version, to: STDOUT_FILENO)
        } catch let error as EightCutError {
            writeLine(error.why, to: STDOUT_FILENO)
            throw ExitCode(error.code.exitStatus)
        }
    }
}

/// `8cut tools supervise`: runs a program that ends when 8cut does. 8cut runs this itself.
struct ToolsSuperviseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "supervise",
        abstract: "Run a program until it ends or standard input is closed.",
        shouldDisplay: false
    )

    @Argument(parsing: .postTerminator) var arguments: [String] = []

    func run() async throws {
        throw ExitCode(await ChildSupervisor.run(arguments))
    }
}
