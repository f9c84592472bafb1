import Diagnostics
import Files
import SystemPackage

/// Where a prompt was given, for messages.
package struct PromptOrigin: Sendable, Equatable, CustomStringConvertible {
    /// For example "--point 10,20" or "prompts.json, prompt 3 (line 7)".
    package let description: String
    /// The code of errors in the prompt.
    let code: ErrorCode

    /// An option of the command line.
    package static func option(_ name: String, _ value: String) -> PromptOrigin {
        PromptOrigin(description: "\(name) \(value)", code: .usage)
    }

    /// Something else, such as a part of a file.
    package static func input(_ description: String) -> PromptOrigin {
        PromptOrigin(description: description, code: .inputUnusable)
    }
}

extension PromptOrigin {
    /// The error of a prompt that cannot be used.
    package func error(_ why: String, remedy: String?) -> EightCutError {
        error(code, why, remedy: remedy)
    }

    /// The error of a prompt that cannot be used, with a code of its own.
    func error(_ code: ErrorCode, _ why: String, remedy: String?) -> EightCutError {
        EightCutError(
            code,
            "cannot use the prompt",
            on: description,
            because: why,
            remedy: remedy
        )
    }

    /// - Throws: `EightCutError` unless the number is valid.
    func check(frame: Int) throws {
        guard Prompt.frames.contains(frame) else {
            throw error(
                "its frame is \(frame), and frames are numbered from 0 to "
                    + "\(Prompt.frames.upperBound)",
                remedy: "The first frame is 0."
            )
        }
    }

    /// - Throws: `EightCutError` unless the number is valid.
    func check(object: Int) throws {
        guard Prompt.objects.contains(object) else {
            throw error(
                "its object is \(object), and objects are numbered from 1 to "
                    + "\(Prompt.objects.upperBound)",
                remedy: "The first object is 1, which is the default."
            )
        }
    }
}

/// Where a JSON list of prompts comes from.
package struct PromptSource: Sendable, Equatable {
    /// The name for messages: "prompts.json".
    package let name: String
    /// The folder that paths of masks are relative to.
    package let folder: FilePath
    /// Whether messages have line numbers.
    package let hasLines: Bool

    /// A file; paths of masks are relative to its folder.
    package static func file(_ path: FilePath) -> PromptSource {
        PromptSource(name: path.string, folder: path.removingLastComponent(), hasLines: true)
    }

    /// A single line, such as a request to the interactive server; paths of masks are relative to a
    /// folder, by default the current one.
    package static func line(_ name: String, in folder: FilePath = FilePath()) -> PromptSource {
        PromptSource(name: name, folder: folder, hasLines: false)
    }

    /// A line of a prompt; prompts are numbered from 1.
    func origin(_ number: Int, line: Int) -> PromptOrigin {
        .input("\(name), prompt \(number)" + (hasLines ? " (line \(line))" : ""))
    }

    /// A line that belongs to no prompt.
    func origin(line: Int) -> PromptOrigin {
        .input(name + (hasLines ? ", line \(line)" : ""))
    }
}
