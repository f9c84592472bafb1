import ArgumentParser
import Commands
import Testing

/// What `--help` of a command prints in a terminal of 80 columns.
struct HelpPage: Sendable, CustomTestStringConvertible {
    /// The words of the command, such as `8cut masks sam`.
    let words: [String]
    let text: String
    /// Whether it does something itself, and has no subcommands.
    let isLeaf: Bool
    /// Whether it is listed in the help of its parent.
    let isVisible: Bool
    /// What failures of the command advise.
    let remedies: Remedies

    var testDescription: String { words.joined(separator: " ") }
    var lines: [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The pages of all commands, found by walking their tree.
    static let all = pages(of: EightCut.self, below: [])

    private static func pages(of command: any ParsableCommand.Type, below parents: [String])
        -> [HelpPage]
    {
        let configuration = command.configuration
        let words = parents + [configuration.commandName ?? ""]
        let page = HelpPage(
            words: words,
            text: EightCut.helpMessage(for: command, columns: 80),
            isLeaf: configuration.subcommands.isEmpty,
            isVisible: configuration.shouldDisplay,
            remedies: Remedies.of(command)
        )
        return [page] + configuration.subcommands.flatMap { pages(of: $0, below: words) }
    }
}
