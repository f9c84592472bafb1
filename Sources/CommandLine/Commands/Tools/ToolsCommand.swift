import ArgumentParser

/// `8cut tools`: the inference library and what it needs.
struct ToolsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools",
        abstract: "Install, inspect or remove the tools that run neural networks.",
        discussion: """
            The methods that run neural networks need ONNX Runtime. It is installed with pip into
            a Python environment of its own, ~/.8cut/venv, or in the folder that the variable
            EIGHTCUT_HOME names. Nothing else on the system changes.

            Examples:
              8cut tools status --json
            """,
        subcommands: [
            ToolsInstallCommand.self, ToolsStatusCommand.self, ToolsRemoveCommand.self,
            ToolsProbeCommand.self, ToolsSuperviseCommand.self,
        ]
    )
}
