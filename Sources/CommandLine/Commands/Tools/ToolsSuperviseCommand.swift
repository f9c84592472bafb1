import ArgumentParser
import MLTools
import Processes

/// `8cut tools supervise`: runs a program that ends when 8cut does. 8cut runs this itself.
struct ToolsSuperviseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "supervise",
        abstract: "Run a program until it ends or standard input is closed.",
        shouldDisplay: false
    )

    @Argument(parsing: .postTerminator) var words: [String] = []

    func run() async throws {
        throw ExitCode(await ChildSupervisor.run(words))
    }
}
