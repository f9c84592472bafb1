import ArgumentParser
import Diagnostics
import Files
import MLTools

/// `8cut tools remove`.
struct ToolsRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Delete the Python environment that 8cut has installed.",
        discussion: """
            Deletes only a folder with the marker file of 8cut. Checkpoints and masks stay.

            Examples:
              8cut tools remove
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
        try Listing.write(line)
    }
}
