import ArgumentParser
import Diagnostics
import Files
import Glibc
import MLTools

/// `8cut tools remove`.
struct ToolsRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Delete the Python environment that 8cut has made.",
        discussion: """
            Only a folder that bears 8cut's marker is deleted. Checkpoints and masks stay.
            """
    )

    func run() async throws {
        let home = EightCutHome.current
        let place = quoted(home.environment.string)
        let line =
            if let bytes = try ToolsRemoval.remove(home: home) {
                "removed \(place) (\(ByteCount.approximate(bytes)))"
            } else {
                "there is nothing at \(place)"
            }
        writeLine(line, to: STDOUT_FILENO)
    }
}
