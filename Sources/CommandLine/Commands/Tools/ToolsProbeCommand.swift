import ArgumentParser
import Diagnostics
import Glibc
import OnnxEngine
import SystemPackage

/// `8cut tools probe`: loads a library and tells its version. 8cut runs this itself, as a child
/// that may crash.
struct ToolsProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Load the inference library and tell its version.",
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
