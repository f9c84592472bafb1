import Files
import SystemPackage

/// Where a JSON list of prompts comes from.
package struct PromptSource: Sendable, Equatable {
    /// What to call it in messages: "prompts.json".
    package let name: String
    /// What names of masks are relative to.
    package let folder: FilePath
    /// Whether messages say lines.
    package let tellsLines: Bool

    /// A file; names of masks are relative to its folder.
    package static func file(_ path: FilePath) -> PromptSource {
        PromptSource(name: path.string, folder: path.removingLastComponent(), tellsLines: true)
    }

    /// A single line, such as a request to a worker; names of masks are relative to the current
    /// folder.
    package static func line(_ name: String) -> PromptSource {
        PromptSource(name: name, folder: FilePath(), tellsLines: false)
    }

    /// A line of a prompt of the list, which are numbered from 1.
    func origin(_ number: Int, line: Int) -> PromptOrigin {
        .input("\(name), prompt \(number)" + (tellsLines ? " (line \(line))" : ""))
    }

    /// All of it, or a line of it that belongs to no prompt.
    func origin(line: Int) -> PromptOrigin {
        .input(name + (tellsLines ? ", line \(line)" : ""))
    }
}
